// A group with a thousand messages a second, and what another conversation feels of it.
//
// Slices without and with the hot group take turns, so that whoever else uses the machine meanwhile is in both.
import { runAtRate } from '../load/closed-loop.js';
import { messageOf, type RawClient } from '../load/raw-client.js';
import { type LatencySummary, summarise } from '../measure/percentiles.js';
import { connectUsers, type Figure, type LoadTarget, textBody, userIdOf } from './bench-target.js';
import { Arrivals, joinAll, whenAllHear } from './room-load.js';

const GROUP = 'bench-hot-group';
const GROUP_PER_SECOND = 1_000;
/** Each stays below what a gateway takes from one connection. */
const SENDERS = 8;
const MEMBERS = 16;
/** The last member sends nothing, so that it is sent everything. */
const LISTENER = MEMBERS - 1;
/** The other conversation: its two users are the last clients, and write to each other by turns. */
const OTHER_PER_SECOND = 200;
const P99_RATIO_MAX = 1.5;
const SLICES_EACH = 4;
const WARM_UP_SHARE = 0.25;
/** Of the rate, at the least: a slice ends with the acks of its last messages. */
const RATE_SHARE_MIN = 0.95;
/** After the last ack, until the listener has heard everything. */
const HEARD_WITHIN_MS = 10_000;
const BODY = textBody();

/** What one member of the hot group heard: every message once, in the order of the numbers, and of each sender's sends. */
export class OrderCheck {
  heard = 0;
  /** Messages whose number is not the next one. */
  outOfOrder = 0;
  /** Messages that a later one of the same sender had overtaken. */
  overtaken = 0;
  #seq = 0n;
  readonly #sent = new Map<string, number>();

  /** @param place of the message among its sender's. */
  hear(seq: bigint, sender: string, place: number): void {
    this.heard += 1;
    if (this.#seq !== 0n && seq !== this.#seq + 1n) this.outOfOrder += 1;
    if (place <= (this.#sent.get(sender) ?? -1)) this.overtaken += 1;
    this.#seq = seq;
    this.#sent.set(sender, place);
  }
}

/** The clients, and what they hear. */
class Scene {
  readonly order = new OrderCheck();
  readonly arrivals = new Arrivals();
  readonly #run = Date.now().toString(36);
  readonly #sentAt = new Map<string, number>();
  #samples: number[] = [];
  #sent = 0;
  #clients: readonly RawClient[] = [];

  /** @throws Error when the group's members do not all hear it. */
  async prepare(target: LoadTarget): Promise<void> {
    this.#clients = await connectUsers(target, MEMBERS + 2, (index) => (push) => this.#hear(index, push));
    await joinAll(GROUP, this.#clients.slice(0, MEMBERS));
    const send = () => this.sendToGroup(0);
    await whenAllHear({ receivers: MEMBERS - 1, arrivals: this.arrivals, send });
  }

  /** Resolves when the listener has heard so many messages, or will not hear them any more. */
  async whenHeard(count: number): Promise<void> {
    const endAt = performance.now() + HEARD_WITHIN_MS;
    while (this.order.heard < count && performance.now() < endAt) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  sendToGroup(index: number): Promise<unknown> {
    this.#sent += 1;
    const id = `${this.#run}-${this.#sent}`;
    return this.#clients[index % SENDERS]?.sendToGroup(GROUP, id, BODY) ?? Promise.resolve();
  }

  sendToOther(index: number): Promise<unknown> {
    this.#sent += 1;
    const id = `${this.#run}-${this.#sent}`;
    this.#sentAt.set(id, performance.now());
    const [from, to] = [MEMBERS + (index % 2), MEMBERS + ((index + 1) % 2)];
    return this.#clients[from]?.send(userIdOf(to), id, BODY) ?? Promise.resolve();
  }

  /** ms from send to delivery in the other conversation, since it was last asked. */
  takeSamples(): number[] {
    const samples = this.#samples;
    this.#samples = [];
    return samples;
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  #hear(index: number, push: Uint8Array): void {
    const isMember = index < MEMBERS;
    if (isMember && index > 0) this.arrivals.one();
    if (isMember && index !== LISTENER) return;
    const message = messageOf(push);
    if (message === undefined) return;
    const sentAt = this.#sentAt.get(message.clientMessageId);
    if (sentAt !== undefined) this.#samples.push(performance.now() - sentAt);
    this.#sentAt.delete(message.clientMessageId);
    if (isMember) this.order.hear(message.seq, message.from, Number(message.clientMessageId.split('-')[1]));
  }
}

interface Outcome {
  readonly alone: LatencySummary;
  readonly beside: LatencySummary;
  readonly perSecond: number;
  readonly order: OrderCheck;
  readonly sent: number;
}

async function measure(scene: Scene, durationMs: number): Promise<Outcome> {
  const other = (ms: number) => runAtRate(OTHER_PER_SECOND, ms, (index) => scene.sendToOther(index));
  let sent = 0;
  const hot = async (ms: number): Promise<number> => {
    const at = performance.now();
    const send = (index: number): Promise<unknown> => {
      sent += 1;
      return scene.sendToGroup(index);
    };
    await runAtRate(GROUP_PER_SECOND, ms, send);
    return performance.now() - at;
  };
  await Promise.all([other(durationMs * WARM_UP_SHARE), hot(durationMs * WARM_UP_SHARE)]);
  scene.takeSamples();
  const sliceMs = durationMs / SLICES_EACH;
  const [alone, beside]: [number[], number[]] = [[], []];
  const warmUpSent = sent;
  let hotMs = 0;
  for (let slice = 0; slice < SLICES_EACH; slice += 1) {
    await other(sliceMs);
    alone.push(...scene.takeSamples());
    const [ms] = await Promise.all([hot(sliceMs), other(sliceMs)]);
    hotMs += ms;
    beside.push(...scene.takeSamples());
  }
  const perSecond = (sent - warmUpSent) / (hotMs / 1_000);
  return { alone: summarise(alone), beside: summarise(beside), perSecond, order: scene.order, sent };
}

export async function benchHotGroup(target: LoadTarget): Promise<Figure[]> {
  const scene = new Scene();
  try {
    await scene.prepare(target);
    const before = scene.order.heard;
    const outcome = await measure(scene, target.durationMs);
    await scene.whenHeard(before + outcome.sent);
    return toFigures(outcome, before);
  } finally {
    scene.close();
  }
}

function toFigures({ alone, beside, perSecond, order, sent }: Outcome, before: number): Figure[] {
  const isWhole = order.heard - before === sent && order.outOfOrder === 0 && order.overtaken === 0;
  const where = `another conversation beside a group of ${GROUP_PER_SECOND} messages/s`;
  return [
    {
      name: `messages in one group, by a member: ${order.outOfOrder} out of order, ${order.overtaken} overtaken`,
      value: perSecond,
      unit: 'messages/s',
      target: `≥ ${GROUP_PER_SECOND}, all in order`,
      isMet: isWhole && perSecond >= GROUP_PER_SECOND * RATE_SHARE_MIN,
    },
    {
      name: `send→deliver p99 of ${where}, ${beside.count} samples; yardstick: without the group`,
      value: beside.p99,
      unit: 'ms',
      yardstick: alone.p99,
      target: `≤ ${P99_RATIO_MAX}× without it`,
      isMet: beside.p99 <= alone.p99 * P99_RATIO_MAX,
    },
    {
      name: `send→deliver p50 of ${where}; yardstick: without the group`,
      value: beside.p50,
      unit: 'ms',
      yardstick: alone.p50,
      target: 'none',
      isMet: true,
    },
  ];
}
