// The link to one server. The requests of a turn are written to the socket as one piece.
import { type Command, Redis } from 'ioredis';
import { driverOptions } from './driver-options.js';
import { isDemoted } from './redis-error.js';
import type { RedisCoordinationOptions } from './redis-options.js';
import type { RedisLink, RedisLinkEvents, RedisRequest } from './redis-request.js';
import { SCRIPTS } from './scripts.js';

/** Takes the bytes of commands instead of the socket, so that they can be written together. */
class Outbox {
  readonly writable = true;
  #text = '';

  write(text: string): boolean {
    this.#text += text;
    return true;
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}

type DriverStream = NonNullable<Parameters<Redis['sendCommand']>[1]>;

export class SingleLink implements RedisLink {
  readonly #redis: Redis;
  readonly #options: RedisCoordinationOptions;
  readonly #outbox = new Outbox();
  #events: RedisLinkEvents | undefined;
  #wasReady = false;
  failure: Error | undefined;

  constructor(options: RedisCoordinationOptions) {
    this.#options = options;
    this.#redis = new Redis({ ...driverOptions(options), enableOfflineQueue: false });
  }

  get isReady(): boolean {
    return this.#redis.status === 'ready' && this.#redis.stream.writable;
  }

  start(events: RedisLinkEvents): void {
    const { logger } = this.#options;
    this.#events = events;
    this.#redis.on('ready', () => {
      this.#wasReady = true;
      this.failure = undefined;
      logger.info('redis_connected');
      this.#loadScripts();
      events.onReady();
    });
    this.#redis.on('error', (error: Error) => {
      this.failure = error;
      // One line for each loss, none for each attempt to connect again.
      if (this.#wasReady) logger.warn('redis_connection_failed', { reason: error.message });
      else logger.debug('redis_connection_failed', { reason: error.message });
      this.#wasReady = false;
    });
    this.#connect();
  }

  send(requests: readonly RedisRequest[]): void {
    for (const request of requests) {
      const command = request.toCommand();
      if (command !== undefined) this.#sendOne(request, command);
    }
    const text = this.#outbox.take();
    if (text !== '') this.#redis.stream.write(text);
  }

  subscribableNodes(): undefined {
    return undefined;
  }

  close(): void {
    this.#redis.disconnect();
  }

  #sendOne(request: RedisRequest, command: Command): void {
    // The driver rejects at once what it cannot send, and then writes nothing.
    void (this.#redis.sendCommand(command, this.#outbox as unknown as DriverStream) as Promise<unknown>).then(
      (reply) => request.succeed(reply),
      (error: unknown) => this.#onFailure(request, error),
    );
  }

  #onFailure(request: RedisRequest, error: unknown): void {
    if (request.fail(error)) this.#events?.onRepeat(request);
    // Behind one address another server may be the primary now.
    if (isDemoted(error)) this.#redis.disconnect(true);
  }

  #connect(): void {
    this.#redis.connect().catch((error: Error) => {
      // The driver goes on trying by itself, and tells it through its events.
      this.#options.logger.debug('redis_connect_failed', { reason: error.message });
    });
  }

  #loadScripts(): void {
    for (const { source } of SCRIPTS) {
      this.#redis.script('LOAD', source).catch((error: Error) => {
        // A request whose script is missing brings it along.
        this.#options.logger.debug('redis_script_not_loaded', { reason: error.message });
      });
    }
  }
}
