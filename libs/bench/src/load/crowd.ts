// Clients in processes of their own, as the bench directs them.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { CrowdClients } from './crowd-clients.js';

type Method = keyof CrowdClients;
type Result<M extends Method> = Awaited<ReturnType<CrowdClients[M]>>;

export interface CrowdCall {
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

export type CrowdAnswer =
  | { readonly connected: number }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

interface Waiter {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One process of clients. */
export class Crowd {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiter>();
  #lastId = 0;

  /** @param onConnected hears how many more of its clients are connected. */
  constructor(private readonly onConnected: (count: number) => void = () => undefined) {
    const path = new URL('./crowd-process.js', import.meta.url);
    this.#child = fork(path, { stdio: 'inherit', serialization: 'advanced' });
    this.#child.on('message', (answer: CrowdAnswer) => this.#settle(answer));
    this.#child.on('exit', () => this.#failAll());
  }

  /** @throws Error as the process's clients say, or when the process ends. */
  call<M extends Method>(method: M, ...args: Parameters<CrowdClients[M]>): Promise<Result<M>> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiter['resolve'], reject });
      this.#child.send({ id, method, args } satisfies CrowdCall);
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }

  #settle(answer: CrowdAnswer): void {
    if ('connected' in answer) {
      this.onConnected(answer.connected);
      return;
    }
    const waiter = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiter?.reject(new Error(answer.error));
    else waiter?.resolve(answer.result);
  }

  #failAll(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error('a process of clients ended'));
    this.#waiting.clear();
  }
}
