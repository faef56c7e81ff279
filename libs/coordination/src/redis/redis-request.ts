// One request on its way, and who sends it.
import { Command } from 'ioredis';
import { isUnknownScript } from './redis-error.js';
import type { Script } from './scripts.js';

export interface RedisRequestOptions {
  readonly name: string;
  readonly args: readonly string[];
  /** What decides on the node in a Redis Cluster; undefined: a channel's message. */
  readonly tag: string | undefined;
  /** Set when `args` begin with its sha. */
  readonly script?: Script;
  readonly settle: (error: unknown, reply: unknown) => void;
  /** Of performance.now(). */
  readonly deadlineMs: number;
}

export class RedisRequest {
  readonly deadlineMs: number;
  /** Let go when settled: the queue keeps the request itself until its deadline. */
  #options: RedisRequestOptions | undefined;
  #isSourceNeeded = false;

  constructor(options: RedisRequestOptions) {
    this.#options = options;
    this.deadlineMs = options.deadlineMs;
  }

  get tag(): string | undefined {
    return this.#options?.tag;
  }

  get isSettled(): boolean {
    return this.#options === undefined;
  }

  /** A new command each time: the driver's commands can be sent once. Undefined when nobody waits any more. */
  toCommand(): Command | undefined {
    if (this.#options === undefined) return undefined;
    const { name, args, script } = this.#options;
    const encoding = { replyEncoding: 'utf8' } as const;
    if (script === undefined || !this.#isSourceNeeded) return new Command(name, [...args], encoding);
    return new Command('eval', [script.source, ...args.slice(1)], encoding);
  }

  /** Answers whether it has to be sent again, because the server did not know its script. */
  fail(error: unknown): boolean {
    const options = this.#options;
    if (options === undefined) return false;
    if (options.script !== undefined && !this.#isSourceNeeded && isUnknownScript(error)) {
      this.#isSourceNeeded = true;
      return true;
    }
    this.#options = undefined;
    options.settle(error, undefined);
    return false;
  }

  succeed(reply: unknown): void {
    const options = this.#options;
    this.#options = undefined;
    options?.settle(undefined, reply);
  }
}

export interface RedisLinkEvents {
  /** The link can send (again). */
  onReady(): void;
  /** A request has to be sent again. */
  onRepeat(request: RedisRequest): void;
}

/** Connections to one server or to the nodes of a cluster. Sends in order, queues nothing, times nothing. */
export interface RedisLink {
  readonly isReady: boolean;
  /** Why it is not ready, as far as is known. */
  readonly failure: Error | undefined;
  /** Begins to connect; goes on by itself until it is closed. */
  start(events: RedisLinkEvents): void;
  /** Settles every request, now or later. Call it when the link is ready. */
  send(requests: readonly RedisRequest[]): void;
  /** `host:port` of servers that can be subscribed to; undefined: the one of the URL. */
  subscribableNodes(): readonly { readonly host: string; readonly port: number }[] | undefined;
  close(): void;
}
