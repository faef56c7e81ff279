// Redis servers that one test file owns: it may stop, kill and start them, and empty them.
import { spawnSync } from 'node:child_process';
import { OwnEngine, parseAddress } from '@parley/test-engines';
import { Redis } from 'ioredis';

/** Nothing listens here: tests without the program say so and are left out. */
export const NOWHERE = '127.0.0.1:1';
const START_WAIT_MS = 10_000;
const POLL_MS = 20;

export const isRedisInstalled = (): boolean =>
  spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;

/** @throws Error, saying what was waited for. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  waitMs = START_WAIT_MS,
): Promise<void> {
  const deadline = Date.now() + waitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${waitMs} ms until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A server of one's own, with commands. */
export class RedisServer {
  private constructor(private readonly engine: OwnEngine) {}

  static async start(...args: string[]): Promise<RedisServer> {
    return new RedisServer(await OwnEngine.start('redis', { PARLEY_ENGINES_REDIS_OPTIONS: args.join(' ') }));
  }

  get address(): string {
    return this.engine.address;
  }

  get port(): number {
    return parseAddress(this.address).port;
  }

  get url(): string {
    return `redis://${this.address}`;
  }

  /** Starts it again where it was, empty. */
  start(): Promise<void> {
    return this.engine.start();
  }

  /** kill -9, and resolves when it is gone. */
  kill(): Promise<void> {
    return this.engine.kill();
  }

  stop(): void {
    this.engine.freeze();
  }

  resume(): void {
    this.engine.thaw();
  }

  /** One command over a connection of its own; undefined when the server cannot be reached. */
  async command(name: string, ...args: string[]): Promise<unknown> {
    const redis = new Redis(this.port, '127.0.0.1', {
      lazyConnect: true,
      protocol: 2,
      retryStrategy: () => null,
    });
    let reason: Error | undefined;
    redis.on('error', (error: Error) => {
      reason = error;
    });
    try {
      await redis.connect();
      return await redis.call(name, ...args);
    } catch (thrown) {
      if (reason !== undefined) return undefined;
      throw thrown;
    } finally {
      redis.disconnect();
    }
  }

  remove(): Promise<void> {
    return this.engine.remove();
  }
}
