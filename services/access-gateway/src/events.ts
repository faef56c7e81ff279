// What happens at the gateway, as log lines and counters: one method per event, so
// that names and labels cannot drift. Nothing here sees message content.
import type { ChatError, ErrorCode } from '@parley/kernel';
import type { Counter, Histogram, Logger, Metrics } from '@parley/telemetry';
import type { Connection } from './connections/connection.js';
import { ALL_END_REASONS, type EndReason } from './connections/end-reason.js';

export type UpgradeRefusal = 'draining' | 'connections_max' | 'pre_login_max';
export type CallRefusal = 'unknown_method' | 'rate' | 'in_flight' | 'reply_too_large' | 'outgoing_full';

const UPGRADE_REFUSALS: readonly UpgradeRefusal[] = ['draining', 'connections_max', 'pre_login_max'];
const CALL_REFUSALS: readonly CallRefusal[] = [
  'unknown_method',
  'rate',
  'in_flight',
  'reply_too_large',
  'outgoing_full',
];
const CALL_DURATION_BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

export class GatewayEvents {
  readonly #log: Logger;
  readonly #framesIn: Counter;
  readonly #bytesIn: Counter;
  readonly #framesOut: Counter;
  readonly #roomPushes: Counter;
  readonly #bytesOut: Counter;
  readonly #writes: Counter;
  readonly #opened: Counter;
  readonly #loggedIn: Counter;
  readonly #callsFailed: Counter;
  readonly #callDuration: Histogram;
  readonly #ended: Record<EndReason, Counter>;
  readonly #upgradesRefused: Record<UpgradeRefusal, Counter>;
  readonly #callsRefused: Record<CallRefusal, Counter>;

  constructor(log: Logger, metrics: Metrics) {
    const counter = (name: string, help: string): Counter => metrics.counter(`parley.gateway.${name}`, help);
    const labelled = <K extends string>(name: string, help: string, reasons: readonly K[]) =>
      Object.fromEntries(
        reasons.map((reason) => [reason, metrics.counter(`parley.gateway.${name}`, help, { reason })]),
      ) as Record<K, Counter>;
    this.#log = log;
    this.#framesIn = counter('frames_in', 'Frames that clients sent.');
    this.#bytesIn = counter('bytes_in', 'Payload bytes of frames that clients sent.');
    this.#framesOut = counter('frames_out', 'Frames to clients.');
    this.#roomPushes = counter('room_pushes', 'Pushes to rooms that have connections here.');
    this.#bytesOut = counter('bytes_out', 'Bytes written to sockets of clients.');
    this.#writes = counter('socket_writes', 'Writes to sockets of clients.');
    this.#opened = counter('connections_opened', 'WebSocket handshakes that succeeded.');
    this.#loggedIn = counter('logins', 'Logins that succeeded.');
    this.#callsFailed = counter('calls_failed', 'Calls that a service answered with an error.');
    this.#callDuration = metrics.histogram(
      'parley.gateway.call.duration_ms',
      'Time from a call to its reply.',
      CALL_DURATION_BOUNDS_MS,
    );
    this.#ended = labelled('connections_ended', 'Connections by the reason of their end.', ALL_END_REASONS);
    this.#upgradesRefused = labelled('upgrades_refused', 'Handshakes refused by reason.', UPGRADE_REFUSALS);
    this.#callsRefused = labelled('calls_refused', 'Calls the gateway refused by reason.', CALL_REFUSALS);
  }

  frameReceived(bytes: number): void {
    this.#framesIn.add();
    this.#bytesIn.add(bytes);
  }

  frameQueued(): void {
    this.#framesOut.add();
  }

  /** One push, for this many connections of a room. */
  roomPushed(connections: number): void {
    this.#roomPushes.add();
    this.#framesOut.add(connections);
  }

  socketWritten(bytes: number): void {
    this.#writes.add();
    this.#bytesOut.add(bytes);
  }

  connectionOpened(): void {
    this.#opened.add();
  }

  upgradeRefused(reason: UpgradeRefusal): void {
    this.#upgradesRefused[reason].add();
  }

  loggedIn(): void {
    this.#loggedIn.add();
  }

  callRefused(reason: CallRefusal): void {
    this.#callsRefused[reason].add();
  }

  callAnswered(durationMs: number): void {
    this.#callDuration.record(durationMs);
  }

  callFailed(durationMs: number): void {
    this.#callsFailed.add();
    this.#callDuration.record(durationMs);
  }

  connectionEnded(connection: Connection, reason: EndReason, nowMs: number): void {
    this.#ended[reason].add();
    this.#log.debug('connection.ended', {
      reason,
      connectionId: connection.id,
      appId: connection.appId,
      userId: connection.userId,
      platform: connection.platform,
      lastedMs: nowMs - connection.openedAtMs,
    });
  }

  /** Something failed that only this process knows of. */
  failed(what: string, connection: Connection | undefined, cause: unknown): void {
    this.#log.error(what, {
      connectionId: connection?.id,
      appId: connection?.appId,
      userId: connection?.userId,
      cause,
    });
  }

  loginFailed(connection: Connection, code: ErrorCode, info: string): void {
    this.#log.warn('login.failed', {
      connectionId: connection.id,
      appId: connection.appId,
      userId: connection.userId,
      code,
      info,
    });
  }

  /** The registry is out of reach; the gateway tries again. */
  registryUnavailable(what: 'lease' | 'register' | 'unregister' | 'drop', cause: unknown): void {
    this.#log.warn('session_registry.unavailable', { what, cause });
  }

  /** The registry of rooms did not take some rooms; the gateway tries again. */
  roomsNotRegistered(rooms: number, cause: unknown): void {
    this.#log.warn('room_registry.unavailable', { rooms, cause });
  }

  /** The group service did not say which rooms connections are in; the gateway asks again. */
  roomsNotListed(connections: number, { code, info }: ChatError): void {
    this.#log.warn('rooms.not_listed', { connections, code, info });
  }

  tooManyRooms(connection: Connection): void {
    this.#log.warn('rooms.too_many', { appId: connection.appId, userId: connection.userId });
  }

  leaseRestored(sessions: number): void {
    this.#log.warn('lease.restored', { sessions });
  }

  drained(connections: number, durationMs: number): void {
    this.#log.info('drained', { connections, durationMs });
  }

  listening(address: string): void {
    this.#log.info('listening', { address });
  }
}
