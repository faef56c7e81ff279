// The link to a Redis Cluster. The driver knows which node has which slot and follows redirections; the requests
// of a turn are given to it in one pipeline per tag, because a pipeline of one slot is redirected as a whole.
import { Cluster, type Pipeline, type Redis } from 'ioredis';
import { addressOf, driverOptions } from './driver-options.js';
import { type RedisCoordinationOptions, reconnectPauseMs } from './redis-options.js';
import type { RedisLink, RedisLinkEvents, RedisRequest } from './redis-request.js';

const SLOTS_REFRESH_MS = 5_000;
const REDIRECTIONS_MAX = 8;

type PipelineResults = readonly (readonly [Error | null | undefined, unknown])[];

export class ClusterLink implements RedisLink {
  readonly #cluster: Cluster;
  readonly #options: RedisCoordinationOptions;
  #events: RedisLinkEvents | undefined;
  /** All messages go through one node, as long as it lives: so their order is kept. */
  #publisher: Redis | undefined;
  #refreshing: NodeJS.Timeout | undefined;
  failure: Error | undefined;

  constructor(options: RedisCoordinationOptions) {
    this.#options = options;
    const { host: _host, port: _port, db: _db, retryStrategy: _retry, ...ofNodes } = driverOptions(options);
    this.#cluster = new Cluster(options.urls.map(addressOf), {
      redisOptions: ofNodes,
      lazyConnect: true,
      // Holds what is sent to a node whose connection is just being made. What may wait is bounded by the request queue.
      enableOfflineQueue: true,
      maxRedirections: REDIRECTIONS_MAX,
      clusterRetryStrategy: (attempt) => reconnectPauseMs(attempt),
      // A request whose connection ended may have happened: it is not repeated.
      retryDelayOnFailover: 0,
    });
  }

  get isReady(): boolean {
    return this.#cluster.status === 'ready';
  }

  start(events: RedisLinkEvents): void {
    const { logger } = this.#options;
    this.#events = events;
    // Not the driver's own interval, which goes on for ever when it is ended in the middle of a look.
    this.#refreshing = setInterval(() => this.#cluster.refreshSlotsCache(), SLOTS_REFRESH_MS).unref();
    this.#cluster.on('ready', () => {
      this.failure = undefined;
      logger.info('redis_connected');
      events.onReady();
    });
    const onError = (error: Error): void => {
      this.failure = error;
      logger.warn('redis_connection_failed', { reason: error.message });
    };
    this.#cluster.on('error', onError);
    this.#cluster.on('node error', (error: Error) => {
      onError(error);
      // A failover may have given its slots to another node: do not wait for the next look.
      this.#cluster.refreshSlotsCache();
    });
    this.#cluster.connect().catch((error: Error) => {
      // The driver goes on trying by itself.
      logger.debug('redis_connect_failed', { reason: error.message });
    });
  }

  send(requests: readonly RedisRequest[]): void {
    const groups = new Map<string | undefined, RedisRequest[]>();
    for (const request of requests) {
      const group = groups.get(request.tag);
      if (group === undefined) groups.set(request.tag, [request]);
      else group.push(request);
    }
    for (const [tag, group] of groups) this.#sendGroup(tag === undefined, group);
  }

  subscribableNodes(): { host: string; port: number }[] {
    return this.#cluster.nodes('master').map(({ options }) => {
      const { host, port } = options as { host: string; port: number };
      return { host, port };
    });
  }

  close(): void {
    clearInterval(this.#refreshing);
    this.#cluster.disconnect();
  }

  #sendGroup(isMessages: boolean, group: readonly RedisRequest[]): void {
    const target = isMessages ? this.#publishingNode() : this.#cluster;
    // The public type leaves out the method that takes a command as it is.
    const pipeline = target.pipeline() as unknown as Pipeline;
    const sent: RedisRequest[] = [];
    for (const request of group) {
      const command = request.toCommand();
      if (command === undefined) continue;
      pipeline.sendCommand(command);
      sent.push(request);
    }
    (pipeline.exec() as Promise<PipelineResults>).then(
      (results) => {
        for (const [at, request] of sent.entries()) {
          const [error, reply] = results[at] ?? [new Error('no reply')];
          if (!error) request.succeed(reply);
          else if (request.fail(error)) this.#events?.onRepeat(request);
        }
      },
      (error: unknown) => {
        for (const request of sent) request.fail(error);
      },
    );
  }

  #publishingNode(): Redis | Cluster {
    const nodes = this.#cluster.nodes('master');
    if (this.#publisher === undefined || !nodes.includes(this.#publisher)) this.#publisher = nodes[0];
    return this.#publisher ?? this.#cluster;
  }
}
