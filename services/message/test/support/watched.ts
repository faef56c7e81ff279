// An object whose calls are counted and can be made to fail; everything else is the object itself.

export class Watch {
  readonly calls = new Map<string, number>();
  /** Called before every call; may throw, or return a promise that the call waits for. */
  before: (method: string, args: readonly unknown[]) => void | Promise<void> = () => undefined;

  count(method: string): number {
    return this.calls.get(method) ?? 0;
  }

  reset(): void {
    this.calls.clear();
  }
}

export function watched<T extends object>(target: T, watch: Watch): T {
  return new Proxy(target, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name, object);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      return (...args: unknown[]) => {
        watch.calls.set(name, watch.count(name) + 1);
        const waiting = watch.before(name, args);
        const call = () => Reflect.apply(member, object, args);
        return waiting instanceof Promise ? waiting.then(call) : call();
      };
    },
  });
}
