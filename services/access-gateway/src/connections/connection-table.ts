// Every connection of this node, by id and by SDK instance, and how many there are.
import { randomBytes } from 'node:crypto';
import type { Session } from '@parley/delivery';
import type { ConnectionId, NodeId } from '@parley/kernel';
import type { Connection } from './connection.js';

const instanceKey = (connection: Connection): string =>
  `${connection.appId} ${connection.instanceId} ${connection.userId}`;

export class ConnectionTable {
  readonly #byId = new Map<string, Connection>();
  readonly #byInstance = new Map<string, Connection>();
  /** Makes ids unique over restarts of the node. */
  readonly #idPrefix = randomBytes(9).toString('base64url');
  #idsGiven = 0;
  #greeting = 0;
  #whenEmpty: (() => void)[] = [];

  /** All connections whose socket is not gone yet. */
  get size(): number {
    return this.#byId.size;
  }

  /** Those that have not logged in yet. */
  get preLoginCount(): number {
    return this.#greeting;
  }

  nextId(): ConnectionId {
    this.#idsGiven += 1;
    return `${this.#idPrefix}.${this.#idsGiven.toString(36)}` as ConnectionId;
  }

  add(connection: Connection): void {
    this.#byId.set(connection.id, connection);
    this.#greeting += 1;
  }

  find(id: string): Connection | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<Connection> {
    return this.#byId.values();
  }

  /** The connection is logged in. Answers the older connection of the same SDK instance, if it is still here. */
  opened(connection: Connection): Connection | undefined {
    connection.hasLoggedIn = true;
    this.#greeting -= 1;
    const key = instanceKey(connection);
    const older = this.#byInstance.get(key);
    this.#byInstance.set(key, connection);
    return older;
  }

  /** The socket is gone. */
  remove(connection: Connection): void {
    if (!this.#byId.delete(connection.id)) return;
    if (!connection.hasLoggedIn) this.#greeting -= 1;
    else if (this.#byInstance.get(instanceKey(connection)) === connection) {
      this.#byInstance.delete(instanceKey(connection));
    }
    if (this.#byId.size > 0) return;
    for (const resolve of this.#whenEmpty) resolve();
    this.#whenEmpty = [];
  }

  /** Resolves when no connection is left. */
  whenEmpty(): Promise<void> {
    if (this.#byId.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }
}

/** What the registry knows of a connection that is logged in. */
export const sessionOf = (connection: Connection, nodeId: NodeId): Session => ({
  connectionId: connection.id,
  nodeId,
  platform: connection.platform,
  instanceId: connection.instanceId,
  sinceMs: connection.sinceMs,
});
