// Requests to the cluster: connected when first needed, bounded, repeated where that is safe, and with errors of
// the port.
import { ErrorCode } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import cassandra, { type Client, type types as driverTypes, type QueryOptions } from 'cassandra-driver';
import {
  isNotMadeYet,
  isRetryable,
  reasonOf,
  storeClosed,
  toChatError,
  unavailable,
} from './cassandra-error.js';
import {
  type CassandraTableStoreOptions,
  DEADLINE_MS,
  REQUEST_TIMEOUT_MS,
  REQUESTS_MAX,
  SCHEMA_TIMEOUT_MS,
  WAITING_MAX,
} from './cassandra-options.js';
import { createDriverClient } from './driver-client.js';
import { ReplicaNames } from './replica-names.js';
import { RequestGate } from './request-gate.js';

export interface Statement {
  readonly query: string;
  readonly params: readonly unknown[];
}

export type ResultSet = driverTypes.ResultSet;

const { localQuorum, localSerial, one } = cassandra.types.consistencies;

/** `read` and `write`: repeatable. `agreed`: a lightweight transaction. `agreedRead`: sees every one that was answered. */
export type RequestKind = 'read' | 'write' | 'agreed' | 'agreedRead';

const OPTIONS: Readonly<Record<RequestKind, QueryOptions>> = {
  read: { consistency: localQuorum, isIdempotent: true },
  write: { consistency: localQuorum, isIdempotent: true, logged: false },
  agreed: { consistency: localQuorum, serialConsistency: localSerial, isIdempotent: false, logged: false },
  agreedRead: { consistency: localSerial, isIdempotent: true },
};

export interface Page {
  readonly fetchSize: number;
  readonly pageState?: Buffer;
}

const ATTEMPTS_MAX = 4;
const RETRY_FIRST_MS = 50;
const AWAIT_PAUSE_MAX_MS = 1_000;

/** The driver's type leaves it out. */
const idOf = (host: cassandra.Host): string => String((host as { hostId?: unknown }).hostId);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Session {
  /** All attempts of one request together, ms. */
  readonly deadlineMs: number;
  readonly #client: Client;
  readonly #replicas: ReplicaNames;
  readonly #gate = new RequestGate(REQUESTS_MAX, WAITING_MAX);
  readonly #logger: Logger;
  readonly #requestTimeoutMs: number;
  #connecting: Promise<void> | undefined;
  #isConnected = false;
  #isClosed = false;

  constructor(options: CassandraTableStoreOptions) {
    this.#client = createDriverClient(options);
    this.#replicas = new ReplicaNames(this.#client, options.keyspace);
    this.#logger = options.logger;
    this.deadlineMs = options.deadlineMs ?? DEADLINE_MS;
    this.#requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
    const { metrics } = options;
    metrics?.gauge(
      'parley.table_store.requests_in_flight',
      'Requests to Cassandra without an answer yet',
      () => this.#gate.inFlight,
    );
    metrics?.gauge(
      'parley.table_store.requests_waiting',
      'Requests that wait until others have ended',
      () => this.#gate.waiting,
    );
  }

  /** The deadline counts from `sinceMs`, which is now unless the request has waited elsewhere. */
  execute(statement: Statement, kind: RequestKind, sinceMs?: number): Promise<ResultSet> {
    const { query, params } = statement;
    const send = () => this.#client.execute(query, params as unknown[], OPTIONS[kind]);
    return this.#request(send, kind !== 'agreed', sinceMs);
  }

  readPage({ query, params }: Statement, page: Page): Promise<ResultSet> {
    const options = { ...OPTIONS.read, ...page };
    return this.#request(() => this.#client.execute(query, params as unknown[], options), true);
  }

  /** Those of one partition the replicas take as one. The deadline is that of {@link execute}. */
  batch(statements: readonly Statement[], kind: 'write' | 'agreed', sinceMs?: number): Promise<ResultSet> {
    const queries = statements as { query: string; params: unknown[] }[];
    return this.#request(() => this.#client.batch(queries, OPTIONS[kind]), kind !== 'agreed', sinceMs);
  }

  /** A change of the schema; the node that was asked has it, the others may follow. */
  async changeSchema(query: string): Promise<void> {
    const options: QueryOptions = { prepare: false, isIdempotent: false, readTimeout: SCHEMA_TIMEOUT_MS };
    await this.#request(() => this.#client.execute(query, [], options), false);
  }

  /** The rows of each query, all from one node: what it knows itself. */
  async askOneNode(queries: readonly string[]): Promise<(readonly driverTypes.Row[])[]> {
    if (!this.#isConnected) await this.#connectWithin(this.deadlineMs);
    const [host] = this.#client.getState().getConnectedHosts();
    if (host === undefined) throw unavailable('no node of Cassandra is connected');
    const options: QueryOptions = { ...OPTIONS.read, consistency: one, host };
    const answers: (readonly driverTypes.Row[])[] = [];
    for (const query of queries) {
      const { rows } = await this.#request(() => this.#client.execute(query, [], options), true);
      answers.push(rows);
    }
    return answers;
  }

  /** Whether a node is up as far as is known. */
  isUp(hostId: string): boolean {
    return this.#client.hosts.values().some((host) => idOf(host) === hostId && host.isUp());
  }

  /** The same for partitions that the same nodes hold; undefined while the nodes are not known. */
  replicasOf(routingKey: Buffer): string | undefined {
    return this.#replicas.of(routingKey);
  }

  /** Nodes of a data center that are known now. */
  nodesOf(dataCenter: string): number {
    return this.#client.hosts.values().filter((host) => host.datacenter === dataCenter).length;
  }

  /** Repeats what is UNAVAILABLE, or asks for what somebody is making, until it succeeds, the time is over or the store is closed. */
  async untilAvailable<T>(deadlineMs: number, work: () => Promise<T>): Promise<T> {
    const endMs = performance.now() + deadlineMs;
    for (let attempt = 1; ; attempt++) {
      try {
        this.checkOpen();
        return await work();
      } catch (thrown) {
        const error = toChatError(thrown);
        const isOver = this.#isClosed || performance.now() >= endMs;
        const mayPass = error.code === ErrorCode.UNAVAILABLE || isNotMadeYet(error.cause);
        if (!mayPass || isOver) throw error;
        if (attempt === 1) this.#logger.info('cassandra_awaited', { reason: reasonOf(error.cause ?? error) });
        await pause(Math.min(AWAIT_PAUSE_MAX_MS, RETRY_FIRST_MS * 2 ** attempt));
      }
    }
  }

  checkOpen(): void {
    if (this.#isClosed) throw storeClosed();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#connecting?.catch(() => undefined);
    await this.#client.shutdown();
  }

  async #request(
    send: () => Promise<ResultSet>,
    isRepeatable: boolean,
    startedMs = performance.now(),
  ): Promise<ResultSet> {
    const turn = this.#gate.enter();
    try {
      if (turn !== undefined) await turn;
      for (let attempt = 1; ; attempt++) {
        const outcome = await this.#attempt(send, startedMs);
        if ('result' in outcome) return outcome.result;
        const pauseMs = RETRY_FIRST_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
        if (!isRepeatable || !this.#mayRepeat(outcome.thrown, attempt, startedMs, pauseMs)) {
          throw toChatError(outcome.thrown);
        }
        await pause(pauseMs);
      }
    } finally {
      this.#gate.leave();
    }
  }

  async #attempt(
    send: () => Promise<ResultSet>,
    startedMs: number,
  ): Promise<{ result: ResultSet } | { thrown: unknown }> {
    try {
      this.checkOpen();
      const leftMs = startedMs + this.deadlineMs - performance.now();
      if (leftMs <= 0) throw unavailable('too many requests wait');
      if (!this.#isConnected) await this.#connectWithin(leftMs);
      return { result: await send() };
    } catch (thrown) {
      return { thrown: this.#isClosed ? storeClosed() : thrown };
    }
  }

  #mayRepeat(thrown: unknown, attempt: number, startedMs: number, pauseMs: number): boolean {
    if (this.#isClosed || attempt >= ATTEMPTS_MAX || !isRetryable(thrown)) return false;
    const spentMs = performance.now() - startedMs;
    return spentMs + pauseMs + this.#requestTimeoutMs <= this.deadlineMs;
  }

  /** The contact points are tried one after the other: silent ones may take longer than a request has. */
  async #connectWithin(leftMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const isOver = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(unavailable('no node of Cassandra answers')), leftMs);
    });
    try {
      await Promise.race([this.#connect(), isOver]);
    } finally {
      clearTimeout(timer);
    }
  }

  #connect(): Promise<void> {
    this.#connecting ??= this.#connectOnce().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connectOnce(): Promise<void> {
    await this.#client.connect();
    this.#isConnected = true;
    this.#logger.info('cassandra_connected', { nodes: this.#client.hosts.length });
    this.#client.on('hostUp', (host: { address: string }) =>
      this.#logger.info('cassandra_node_up', { node: host.address }),
    );
    this.#client.on('hostDown', (host: { address: string }) =>
      this.#logger.warn('cassandra_node_down', { node: host.address }),
    );
  }
}
