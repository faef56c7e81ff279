// The connection that receives messages: made anew whenever it ends, on the next server that there is.
import { Redis } from 'ioredis';
import { driverOptions, type ServerAddress } from './driver-options.js';
import { type RedisCoordinationOptions, reconnectPauseMs } from './redis-options.js';

/** Nothing else would notice that the other side is gone. */
const PING_INTERVAL_MS = 3_000;

export interface SubscriberEvents {
  /** Nobody is subscribed to anything on the new connection. */
  onReady(): void;
  onEnd(): void;
  onMessage(channel: string, message: string): void;
}

export class SubscriberConnection {
  readonly #options: RedisCoordinationOptions;
  readonly #events: SubscriberEvents;
  readonly #nodes: () => readonly ServerAddress[] | undefined;
  #redis: Redis | undefined;
  #attempt = 0;
  #retry: NodeJS.Timeout | undefined;
  #pinging: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    options: RedisCoordinationOptions,
    nodes: () => readonly ServerAddress[] | undefined,
    events: SubscriberEvents,
  ) {
    this.#options = options;
    this.#nodes = nodes;
    this.#events = events;
  }

  get isReady(): boolean {
    return this.#redis?.status === 'ready';
  }

  start(): void {
    if (this.#redis !== undefined || this.#isClosed) return;
    this.#pinging = setInterval(() => this.#ping(), PING_INTERVAL_MS);
    this.#pinging.unref();
    this.#connect();
  }

  /** Resolves when the server has confirmed. */
  async subscribe(channels: readonly string[]): Promise<void> {
    await this.#redis?.subscribe(...channels);
  }

  async unsubscribe(channel: string): Promise<void> {
    await this.#redis?.unsubscribe(channel);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#pinging);
    this.#redis?.disconnect();
  }

  #connect(): void {
    const nodes = this.#nodes();
    const node = nodes?.[this.#attempt % Math.max(1, nodes.length)];
    const redis = new Redis({
      ...driverOptions(this.#options, node),
      enableOfflineQueue: false,
      retryStrategy: () => null,
    });
    this.#redis = redis;
    redis.on('ready', () => {
      this.#attempt = 0;
      this.#events.onReady();
    });
    redis.on('message', (channel: string, message: string) => this.#events.onMessage(channel, message));
    redis.on('error', (error: Error) => this.#log(error));
    redis.once('end', () => this.#connectAgain());
    redis.connect().catch((error: Error) => this.#log(error));
  }

  #connectAgain(): void {
    if (this.#isClosed) return;
    this.#events.onEnd();
    this.#attempt += 1;
    this.#retry = setTimeout(() => this.#connect(), reconnectPauseMs(this.#attempt));
  }

  #ping(): void {
    if (this.isReady) this.#redis?.ping().catch((error: Error) => this.#log(error));
  }

  #log(error: Error): void {
    this.#options.logger.debug('redis_subscriber_failed', { reason: error.message });
  }
}
