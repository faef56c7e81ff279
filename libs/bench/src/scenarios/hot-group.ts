// A group with a thousand messages a second, and what another conversation feels of it.
//
// The group's members are in a process of their own: what the other conversation feels is the server. Slices without and
// with the hot group take turns, so that whoever else uses the machine meanwhile is in both.
import { runAtRate } from '../load/closed-loop.js';
import { Crowd } from '../load/crowd.js';
import type { HeardOrder } from '../load/order-check.js';
import { messageOf, type RawClient } from '../load/raw-client.js';
import { type LatencySummary, summarise } from '../measure/percentiles.js';
import {
  BENCH_GROUP_TYPE,
  connectUsers,
  type Figure,
  type LoadTarget,
  textBody,
  toLoadTarget,
  userIdOf,
} from './bench-target.js';

const GROUP = 'bench-hot-group';
const GROUP_PER_SECOND = 1_000;
/** Each stays below what a gateway takes from one connection. */
const SENDERS = 8;
const MEMBERS = 16;
/** The other conversation: two users write to each other by turns. */
const OTHER_PER_SECOND = 200;
const P99_RATIO_MAX = 1.5;
const SLICES_EACH = 4;
const WARM_UP_SHARE = 0.25;
/** Of the rate, at the least: a slice ends with the acks of its last messages. */
const RATE_SHARE_MIN = 0.95;
const SETTLE_MS = 500;
const SETTLE_STEP_MS = 20;
/** After the last ack, until the listener has heard everything. */
const HEARD_WITHIN_MS = 10_000;
const BODY = textBody();

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Two users who write to each other. */
class Conversation {
  readonly #run = Date.now().toString(36);
  readonly #sentAt = new Map<string, number>();
  #samples: number[] = [];
  #clients: readonly RawClient[] = [];

  async connect(target: LoadTarget): Promise<void> {
    const onPush = (push: Uint8Array): void => this.#hear(push);
    this.#clients = await connectUsers(target, 2, { onPush: () => onPush });
  }

  /** @returns ms from send to delivery, of each message. */
  async runFor(durationMs: number): Promise<number[]> {
    this.#samples = [];
    await runAtRate(OTHER_PER_SECOND, durationMs, (index) => this.#send(index));
    return this.#samples;
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  #send(index: number): Promise<unknown> {
    const id = `${this.#run}-${this.#sentAt.size}`;
    this.#sentAt.set(id, performance.now());
    const client = this.#clients[index % 2];
    return client?.send(userIdOf((index + 1) % 2), id, BODY) ?? Promise.resolve();
  }

  #hear(push: Uint8Array): void {
    const sentAt = this.#sentAt.get(messageOf(push)?.clientMessageId ?? '');
    if (sentAt !== undefined) this.#samples.push(performance.now() - sentAt);
  }
}

/** The members of the hot group. */
class HotGroup {
  readonly #crowd = new Crowd();
  sent = 0;
  #sendingMs = 0;

  async connect(target: LoadTarget): Promise<void> {
    // The last member sends nothing, so that it is sent everything.
    await this.#crowd.call('connect', toLoadTarget(target), {
      first: 2,
      count: MEMBERS,
      listener: MEMBERS + 1,
    });
    await this.#crowd.call('createGroup', GROUP, BENCH_GROUP_TYPE);
    await this.#crowd.call('joinGroup', GROUP, MEMBERS);
  }

  async runFor(durationMs: number): Promise<void> {
    const sends = { groupId: GROUP, senders: SENDERS, perSecond: GROUP_PER_SECOND, durationMs };
    const [sent, ms] = await this.#crowd.call('sendAtRate', sends);
    this.sent += sent;
    this.#sendingMs += ms;
  }

  get perSecond(): number {
    return this.sent / (this.#sendingMs / 1_000);
  }

  /** After a while in which members come into the room: nothing was sent, as far as anybody asks. */
  startOver(): Promise<HeardOrder> {
    this.sent = 0;
    this.#sendingMs = 0;
    return this.#crowd.call('order');
  }

  /** What the listener has heard once it has heard so many messages, or will not hear them any more. */
  async whenHeard(count: number): Promise<HeardOrder> {
    const endAt = performance.now() + HEARD_WITHIN_MS;
    for (;;) {
      const order = await this.#crowd.call('order');
      if (order.heard >= count || performance.now() > endAt) return order;
      await pause(SETTLE_STEP_MS);
    }
  }

  stop(): Promise<void> {
    return this.#crowd.stop();
  }
}

interface Outcome {
  readonly alone: LatencySummary;
  readonly beside: LatencySummary;
  readonly perSecond: number;
  readonly order: HeardOrder;
  readonly missing: number;
}

async function measure(group: HotGroup, other: Conversation, durationMs: number): Promise<Outcome> {
  const warmUpMs = durationMs * WARM_UP_SHARE;
  await Promise.all([other.runFor(warmUpMs), group.runFor(warmUpMs)]);
  await pause(SETTLE_MS);
  const before = await group.startOver();
  const [alone, beside]: [number[], number[]] = [[], []];
  for (let slice = 0; slice < SLICES_EACH; slice += 1) {
    const sliceMs = durationMs / SLICES_EACH;
    alone.push(...(await other.runFor(sliceMs)));
    const [samples] = await Promise.all([other.runFor(sliceMs), group.runFor(sliceMs)]);
    beside.push(...samples);
  }
  const order = await group.whenHeard(before.heard + group.sent);
  const missing = before.heard + group.sent - order.heard;
  const { perSecond } = group;
  return { alone: summarise(alone), beside: summarise(beside), perSecond, order, missing };
}

export async function benchHotGroup(target: LoadTarget): Promise<Figure[]> {
  const [group, other] = [new HotGroup(), new Conversation()];
  try {
    await other.connect(target);
    await group.connect(target);
    return toFigures(await measure(group, other, target.durationMs));
  } finally {
    other.close();
    await group.stop();
  }
}

function toFigures({ alone, beside, perSecond, order, missing }: Outcome): Figure[] {
  const { outOfOrder, overtaken } = order;
  const where = `another conversation beside a group of ${GROUP_PER_SECOND} messages/s`;
  return [
    {
      name: `messages in one group, to a member: ${missing} missing, ${outOfOrder} out of order, ${overtaken} overtaken`,
      value: perSecond,
      unit: 'messages/s',
      target: `≥ ${GROUP_PER_SECOND}, all in order`,
      isMet: missing + outOfOrder + overtaken === 0 && perSecond >= GROUP_PER_SECOND * RATE_SHARE_MIN,
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
