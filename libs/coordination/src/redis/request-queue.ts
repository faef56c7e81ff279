// Requests between the port and a link: gathered for a turn of the event loop, held while there is no connection,
// given up at their deadline. All deadlines are equally far away, so the oldest open request is the next to expire:
// one timer serves all.
import { ChatError, ErrorCode } from '@parley/kernel';
import { engineClosed } from '../request-checks.js';
import { toChatError, unavailable } from './redis-error.js';
import { OPEN_REQUESTS_MAX } from './redis-options.js';
import { type RedisLink, RedisRequest } from './redis-request.js';
import type { Script } from './scripts.js';

/** Settled requests that may stay at the head of the list before it is cut. */
const CUT_AT = 1_024;

const tooMany = (): ChatError =>
  new ChatError(ErrorCode.OVERLOADED, `more than ${OPEN_REQUESTS_MAX} coordination requests are open`);

export interface Ask {
  readonly name: string;
  readonly args: readonly string[];
  readonly tag: string | undefined;
  readonly script?: Script;
}

export class RequestQueue {
  readonly #link: RedisLink;
  readonly #deadlineMs: number;
  /** Not sent yet. */
  #waiting: RedisRequest[] = [];
  /** All that may be unsettled, oldest first, from #head on. */
  #open: RedisRequest[] = [];
  #head = 0;
  #openCount = 0;
  #timer: NodeJS.Timeout | undefined;
  #isFlushScheduled = false;
  #isStarted = false;
  #isClosed = false;
  /** Since when somebody has asked in vain for the link; Infinity while it is ready. */
  #absentSinceMs = Number.POSITIVE_INFINITY;
  #expired = 0;

  constructor(link: RedisLink, deadlineMs: number) {
    this.#link = link;
    this.#deadlineMs = deadlineMs;
  }

  get openCount(): number {
    return this.#openCount;
  }

  /** Requests that were not answered in time, so far. */
  get expiredCount(): number {
    return this.#expired;
  }

  /** The reply. @throws ChatError as the port says. */
  ask(ask: Ask): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const now = performance.now();
      const refusal = this.#refusal(now);
      if (refusal) return reject(refusal);
      const settle = (error: unknown, reply: unknown): void => {
        this.#openCount -= 1;
        if (error === undefined) resolve(reply);
        else reject(toChatError(error));
      };
      const request = new RedisRequest({ ...ask, settle, deadlineMs: now + this.#deadlineMs });
      this.#openCount += 1;
      this.#waiting.push(request);
      this.#open.push(request);
      if (this.#timer === undefined) this.#arm(this.#deadlineMs);
      this.#scheduleFlush();
    });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#link.close();
    for (const request of this.#open.slice(this.#head)) request.fail(engineClosed());
    this.#waiting = [];
    this.#open = [];
    this.#head = 0;
  }

  #refusal(nowMs: number): ChatError | undefined {
    if (this.#isClosed) return engineClosed();
    if (!this.#isStarted) this.#start(nowMs);
    if (this.#openCount >= OPEN_REQUESTS_MAX) return tooMany();
    if (this.#link.isReady) return undefined;
    if (this.#absentSinceMs === Number.POSITIVE_INFINITY) this.#absentSinceMs = nowMs;
    if (nowMs - this.#absentSinceMs < this.#deadlineMs) return undefined;
    return unavailable('coordination is not reachable', this.#link.failure);
  }

  #start(nowMs: number): void {
    this.#isStarted = true;
    this.#absentSinceMs = nowMs;
    this.#link.start({
      onReady: () => {
        this.#absentSinceMs = Number.POSITIVE_INFINITY;
        this.#scheduleFlush();
      },
      onRepeat: (request) => {
        this.#waiting.push(request);
        this.#scheduleFlush();
      },
    });
  }

  #scheduleFlush(): void {
    if (this.#isFlushScheduled || this.#waiting.length === 0 || !this.#link.isReady) return;
    this.#isFlushScheduled = true;
    setImmediate(() => {
      this.#isFlushScheduled = false;
      if (!this.#link.isReady) return;
      const requests = this.#waiting.filter((request) => !request.isSettled);
      this.#waiting = [];
      if (requests.length > 0) this.#link.send(requests);
    });
  }

  #arm(delayMs: number): void {
    this.#timer = setTimeout(() => this.#expire(), Math.ceil(delayMs));
  }

  #expire(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (; this.#head < this.#open.length; this.#head++) {
      const request = this.#open[this.#head] as RedisRequest;
      if (request.isSettled) continue;
      if (request.deadlineMs > now) {
        this.#arm(request.deadlineMs - now);
        break;
      }
      this.#expired += 1;
      const cause = this.#link.isReady ? undefined : this.#link.failure;
      request.fail(unavailable(`coordination did not answer within ${this.#deadlineMs} ms`, cause));
    }
    if (this.#head >= CUT_AT || this.#head === this.#open.length) {
      this.#open = this.#open.slice(this.#head);
      this.#head = 0;
    }
    if (!this.#link.isReady) this.#waiting = this.#waiting.filter((request) => !request.isSettled);
  }
}
