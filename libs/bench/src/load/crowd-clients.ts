// Many clients of one process: what a crowd's process does for the bench. Everything that goes in or out is plain data.
import { connectUsers, type LoadTarget, textBody } from '../scenarios/bench-target.js';
import { runAtRate } from './closed-loop.js';
import { type HeardOrder, OrderCheck } from './order-check.js';
import { messageOf, type RawClient } from './raw-client.js';
import { RelayClient } from './relay-client.js';

/** Which users, or clients of the relay: the numbers from `first` on. */
export interface CrowdPlan {
  readonly first: number;
  readonly count: number;
  /** The number of a client whose messages are looked into; the others' are only counted. */
  readonly listener?: number;
}

export interface CrowdSends {
  readonly groupId: string;
  /** The first so many clients send by turns. */
  readonly senders: number;
  readonly perSecond: number;
  readonly durationMs: number;
}

const RELAY_CONNECTS_AT_ONCE = 20;
/** What was sent and is not heard by then never will be. */
const HEARD_WITHIN_MS = 60_000;
const BODY = textBody();

interface Wait {
  readonly count: number;
  readonly resolve: () => void;
}

export class CrowdClients {
  #clients: readonly RawClient[] = [];
  #relayClients: readonly RelayClient[] = [];
  readonly #order = new OrderCheck();
  readonly #run = Date.now().toString(36);
  #sent = 0;
  #heard = 0;
  #wait: Wait | undefined = undefined;

  constructor(private readonly onConnected: (count: number) => void) {}

  async connect(target: LoadTarget, { first, count, listener }: CrowdPlan): Promise<void> {
    const { onConnected } = this;
    const onPush = (index: number) => (push: Uint8Array) => {
      if (index === listener) this.#check(push);
      this.#hear();
    };
    this.#clients = await connectUsers(target, count, { first, onPush, onConnected });
  }

  async connectToRelay(url: string, { first, count }: CrowdPlan): Promise<void> {
    const clients: RelayClient[] = [];
    for (let next = first; next < first + count; next += RELAY_CONNECTS_AT_ONCE) {
      const size = Math.min(RELAY_CONNECTS_AT_ONCE, first + count - next);
      const group = Array.from({ length: size }, (_, i) =>
        RelayClient.connect(url, next + i, () => this.#hear()),
      );
      clients.push(...(await Promise.all(group)));
      this.onConnected(size);
    }
    this.#relayClients = clients;
  }

  /** The first client makes the group. @throws Error on a refusal. */
  async createGroup(groupId: string, type: string): Promise<void> {
    await this.#clients[0]?.createGroup(groupId, type);
  }

  /** Everybody joins the group, so many at once. @returns how long it took, ms. */
  async joinGroup(groupId: string, atOnce: number): Promise<number> {
    const startedAt = performance.now();
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < this.#clients.length) await this.#clients[next++]?.joinGroup(groupId);
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    return performance.now() - startedAt;
  }

  /** @returns how many were sent, and how long it took until all were acknowledged, ms. */
  async sendAtRate({ groupId, senders, perSecond, durationMs }: CrowdSends): Promise<[number, number]> {
    const startedAt = performance.now();
    let sent = 0;
    await runAtRate(perSecond, durationMs, (index) => {
      sent += 1;
      this.#sent += 1;
      const id = `${this.#run}-${this.#sent}`;
      return this.#clients[index % senders]?.sendToGroup(groupId, id, BODY) ?? Promise.resolve();
    });
    return [sent, performance.now() - startedAt];
  }

  /** Pushes so far, of all clients. */
  heard(): number {
    return this.#heard;
  }

  /** Resolves once so many pushes have come since the process began. @throws Error when they do not come. */
  whenHeard(count: number): Promise<void> {
    if (this.#heard >= count) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`${count - this.#heard} pushes did not come`));
      const timer = setTimeout(late, HEARD_WITHIN_MS);
      this.#wait = {
        count,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      };
    });
  }

  /** What the listener heard so far. */
  order(): HeardOrder {
    const { heard, outOfOrder, overtaken } = this.#order;
    return { heard, outOfOrder, overtaken };
  }

  disconnect(): void {
    for (const client of this.#clients) client.close();
    for (const client of this.#relayClients) client.close();
    this.#clients = [];
    this.#relayClients = [];
  }

  #check(push: Uint8Array): void {
    const message = messageOf(push);
    if (message === undefined) return;
    this.#order.hear(message.seq, message.from, Number(message.clientMessageId.split('-')[1]));
  }

  #hear(): void {
    this.#heard += 1;
    if (this.#wait === undefined || this.#heard < this.#wait.count) return;
    const { resolve } = this.#wait;
    this.#wait = undefined;
    resolve();
  }
}
