// Publish and subscribe within one process.
import type { ChannelSubscription } from './coordination.js';

interface Subscriber {
  readonly listener: (message: string) => void;
  isOpen: boolean;
}

/** Told what a listener threw. */
export type ListenerErrorHandler = (thrown: unknown, channel: string) => void;

export class Channels {
  readonly #subscribers = new Map<string, Set<Subscriber>>();

  constructor(private readonly onListenerError: ListenerErrorHandler) {}

  /** Microtasks keep the order of publishing and keep listeners out of the publisher's call. */
  publish(channel: string, message: string): void {
    const subscribers = this.#subscribers.get(channel);
    if (subscribers === undefined) return;
    const receivers = [...subscribers];
    queueMicrotask(() => {
      for (const subscriber of receivers) this.#tell(subscriber, channel, message);
    });
  }

  subscribe(channel: string, listener: (message: string) => void): ChannelSubscription {
    const subscriber: Subscriber = { listener, isOpen: true };
    const subscribers = this.#subscribers.get(channel) ?? new Set();
    subscribers.add(subscriber);
    this.#subscribers.set(channel, subscribers);
    return {
      close: async () => {
        subscriber.isOpen = false;
        subscribers.delete(subscriber);
        if (subscribers.size === 0 && this.#subscribers.get(channel) === subscribers) {
          this.#subscribers.delete(channel);
        }
      },
    };
  }

  close(): void {
    for (const subscribers of this.#subscribers.values()) {
      for (const subscriber of subscribers) subscriber.isOpen = false;
    }
    this.#subscribers.clear();
  }

  #tell(subscriber: Subscriber, channel: string, message: string): void {
    if (!subscriber.isOpen) return;
    try {
      subscriber.listener(message);
    } catch (thrown) {
      this.onListenerError(thrown, channel);
    }
  }
}
