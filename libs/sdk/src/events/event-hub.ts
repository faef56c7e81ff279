// Listeners of one SDK instance.

export interface ChatEvent<T = unknown> {
  readonly name: string;
  readonly data: T;
}

/** Never: what a handler takes is known from the event's name, not here. */
export type EventHandler = (event: never) => void;

interface Listener {
  readonly handler: EventHandler;
  readonly context: unknown;
}

/**
 * Calls listeners in the order of their registration. A listener that throws does
 * not keep the event from the others; what it threw goes to `onFailure`.
 */
export class EventHub {
  private readonly listeners = new Map<string, readonly Listener[]>();

  constructor(private readonly onFailure: (name: string, thrown: unknown) => void) {}

  on(name: string, handler: EventHandler, context?: unknown): void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), { handler, context }]);
  }

  /** Removes the handler; with a context only its registration with that context. */
  off(name: string, handler: EventHandler, context?: unknown): void {
    const rest = (this.listeners.get(name) ?? []).filter(
      (listener) => listener.handler !== handler || (context !== undefined && listener.context !== context),
    );
    if (rest.length === 0) this.listeners.delete(name);
    else this.listeners.set(name, rest);
  }

  emit(name: string, data: unknown): void {
    const event: ChatEvent = { name, data };
    for (const { handler, context } of this.listeners.get(name) ?? []) {
      try {
        handler.call(context, event as never);
      } catch (thrown) {
        this.onFailure(name, thrown);
      }
    }
  }

  /** Whether anybody would hear it: saves making what nobody wants. */
  hasListener(name: string): boolean {
    return this.listeners.has(name);
  }

  clear(): void {
    this.listeners.clear();
  }
}
