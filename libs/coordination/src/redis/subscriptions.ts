// Who listens to which channel, and whether the server knows it. After a connection was lost all channels are
// subscribed to again; what was published meanwhile is lost, as the port allows.
import type { Logger } from '@parley/telemetry';
import { Channels, type ListenerErrorHandler } from '../channels.js';
import type { ChannelSubscription } from '../coordination.js';
import { engineClosed } from '../request-checks.js';
import { unavailable } from './redis-error.js';
import { DEADLINE_MS, type RedisCoordinationOptions } from './redis-options.js';
import type { RedisLink } from './redis-request.js';
import { SubscriberConnection } from './subscriber-connection.js';

/** Channels of one SUBSCRIBE. */
const CHANNELS_PER_COMMAND = 500;

interface Waiter {
  settle(error?: Error): void;
}

class ChannelState {
  listeners = 0;
  /** The server has confirmed the subscription on the present connection. */
  isEffective = false;
  readonly waiters = new Set<Waiter>();
}

const warn =
  (logger: Logger): ListenerErrorHandler =>
  (thrown, channel) =>
    logger.error('coordination_listener_threw', { channel, reason: String(thrown) });

export class Subscriptions {
  readonly #channels: Channels;
  readonly #states = new Map<string, ChannelState>();
  readonly #connection: SubscriberConnection;
  readonly #options: RedisCoordinationOptions;
  #isClosed = false;

  constructor(options: RedisCoordinationOptions, link: RedisLink) {
    this.#options = options;
    this.#channels = new Channels(options.onListenerError ?? warn(options.logger));
    this.#connection = new SubscriberConnection(options, () => link.subscribableNodes(), {
      onReady: () => this.#subscribe([...this.#states.keys()]),
      onEnd: () => {
        for (const state of this.#states.values()) state.isEffective = false;
      },
      onMessage: (channel, message) => this.#channels.publish(channel, message),
    });
  }

  /** `channel` as the server knows it. @throws ChatError UNAVAILABLE when the server does not confirm in time. */
  async subscribe(channel: string, listener: (message: string) => void): Promise<ChannelSubscription> {
    this.#connection.start();
    const inner = this.#channels.subscribe(channel, listener);
    const known = this.#states.get(channel);
    const state = known ?? new ChannelState();
    state.listeners += 1;
    if (known === undefined) {
      this.#states.set(channel, state);
      if (this.#connection.isReady) this.#subscribe([channel]);
    }
    let isOpen = true;
    const close = async (): Promise<void> => {
      if (!isOpen) return;
      isOpen = false;
      await inner.close();
      this.#leave(channel, state);
    };
    try {
      if (!state.isEffective) await this.#confirmation(state);
    } catch (thrown) {
      await close();
      throw thrown;
    }
    return { close };
  }

  close(): void {
    this.#isClosed = true;
    this.#connection.close();
    this.#channels.close();
    for (const state of this.#states.values())
      for (const waiter of state.waiters) waiter.settle(engineClosed());
    this.#states.clear();
  }

  #confirmation(state: ChannelState): Promise<void> {
    const deadlineMs = this.#options.deadlineMs ?? DEADLINE_MS;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        settle: (error) => {
          clearTimeout(timer);
          state.waiters.delete(waiter);
          if (error) reject(error);
          else resolve();
        },
      };
      const timer = setTimeout(
        () => waiter.settle(unavailable(`the subscription was not confirmed within ${deadlineMs} ms`)),
        deadlineMs,
      );
      state.waiters.add(waiter);
    });
  }

  #leave(channel: string, state: ChannelState): void {
    state.listeners -= 1;
    if (state.listeners > 0 || this.#states.get(channel) !== state) return;
    this.#states.delete(channel);
    if (!this.#connection.isReady) return;
    // If it does not arrive, the server sends messages that nobody is told of, until the connection ends.
    this.#connection.unsubscribe(channel).catch((error: Error) => this.#log(error));
  }

  #subscribe(channels: readonly string[]): void {
    for (let from = 0; from < channels.length; from += CHANNELS_PER_COMMAND) {
      const some = channels.slice(from, from + CHANNELS_PER_COMMAND);
      const states = some.map((channel) => this.#states.get(channel));
      this.#connection.subscribe(some).then(
        () => {
          for (const [at, state] of states.entries()) this.#confirm(some[at] as string, state);
        },
        // The connection has ended; all channels are subscribed to on the next one.
        (error: Error) => this.#log(error),
      );
    }
  }

  #confirm(channel: string, state: ChannelState | undefined): void {
    if (state === undefined || this.#states.get(channel) !== state) return;
    state.isEffective = true;
    for (const waiter of state.waiters) waiter.settle();
  }

  #log(error: Error): void {
    if (!this.#isClosed) this.#options.logger.debug('redis_subscription_failed', { reason: error.message });
  }
}
