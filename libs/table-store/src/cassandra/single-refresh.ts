// Repairs the driver (4.10.0): when the connection by which it watches the cluster is lost, it may search for another
// one several times at once. One search then takes the connection from under the other, which fails where nobody
// listens, and that would end the process; and each search may leave two for the next loss.
import type { Logger } from '@parley/telemetry';
import type { Client } from 'cassandra-driver';
import { reasonOf } from './cassandra-error.js';

/** The part of the driver's class that is repaired; its types leave it out. */
export interface ControlConnection {
  /** With hosts: the same search goes on. */
  _refresh(hosts?: unknown): Promise<void>;
  readonly _isShuttingDown: boolean;
}

export const controlConnectionOf = (client: Client): ControlConnection =>
  (client as unknown as { readonly controlConnection: ControlConnection }).controlConnection;

const SEARCH_AGAIN_MS = 1_000;

/** One search at a time, and none that fails unheard. @throws Error for a driver that works otherwise. */
export function refreshOneAtATime(control: ControlConnection, logger: Logger): void {
  if (typeof control._refresh !== 'function')
    throw new Error('cassandra: the driver is another one than the repaired');
  const search = control._refresh.bind(control);
  let running: Promise<void> | undefined;
  const searchSafely = async (): Promise<void> => {
    try {
      await search();
    } catch (thrown) {
      logger.warn('cassandra_watch_failed', { reason: reasonOf(thrown) });
      if (control._isShuttingDown) return;
      setTimeout(() => void control._refresh(), SEARCH_AGAIN_MS).unref();
    }
  };
  control._refresh = (hosts) => {
    if (hosts !== undefined) return search(hosts);
    running ??= searchSafely().finally(() => {
      running = undefined;
    });
    return running;
  };
}
