// The second hard claim: push and sync end with the full history in order, whatever is dropped,
// repeated, delayed or begun again.
import { type UserId } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import { waitFor } from '@parley/testkit';
import fc from 'fast-check';
import type { AppendFault } from './support/faulty-log.js';
import { held } from './support/held.js';
import {
  ALICE,
  APP,
  asUser,
  BOB,
  C2C,
  type MessageNode,
  MessageWorld,
  textBody,
} from './support/message-world.js';
import { ModelClient } from './support/model-client.js';

type Fate = 'arrives' | 'dropped' | 'twice' | 'late';
type Step =
  | {
      readonly do: 'send';
      readonly from: UserId;
      readonly count: number;
      readonly fault: AppendFault | 'held' | 'none';
    }
  | { readonly do: 'reconnect' }
  | { readonly do: 'restart' }
  | { readonly do: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      from: fc.constantFrom(ALICE, BOB),
      count: fc.integer({ min: 1, max: 5 }),
      fault: fc.constantFrom<AppendFault | 'held' | 'none'>(
        'none',
        'none',
        'none',
        'lost',
        'unknown',
        'held',
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reconnect' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(500, 3_000, 13_000) }),
  },
);
const fates = fc.infiniteStream(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant<Fate>('arrives') },
    { weight: 2, arbitrary: fc.constant<Fate>('dropped') },
    { weight: 1, arbitrary: fc.constant<Fate>('twice') },
    { weight: 1, arbitrary: fc.constant<Fate>('late') },
  ),
);

interface Send {
  readonly id: string;
  readonly from: UserId;
  attempts: number;
  /** Set by the first attempt, as an SDK does, and told with the others. */
  firstAttemptAtMs?: number;
  acked: bigint | undefined;
}

class Story {
  readonly sends: Send[] = [];
  readonly client: ModelClient;
  #node!: MessageNode;
  #late: messagev1.Message | undefined;
  #fault: AppendFault | undefined;
  readonly #releases: (() => void)[] = [];
  readonly #sending: Promise<void>[] = [];

  constructor(
    private readonly world: MessageWorld,
    private readonly fates: Iterator<Fate>,
  ) {
    this.client = new ModelClient(BOB, ALICE, () => this.#node);
    world.gateway.onMessage = (_, message) => this.#push(message);
  }

  async start(): Promise<void> {
    this.#node = await this.world.startNode();
    this.#node.log.fault = () => {
      const fault = this.#fault;
      this.#fault = undefined;
      return fault;
    };
  }

  async take(one: Step): Promise<void> {
    if (one.do === 'send') this.#begin(one);
    else if (one.do === 'reconnect') await this.client.reconnect();
    else if (one.do === 'wait') this.world.clock.advance(one.ms);
    else {
      await this.#settle();
      await this.world.restart();
      await this.start();
    }
    await Promise.resolve();
  }

  /** Faults end; the sends are retried until they are acked; the client connects once more. */
  async finish(): Promise<void> {
    await this.#settle();
    for (let round = 0; this.sends.some((send) => send.acked === undefined); round++) {
      expect(round).toBeLessThan(6);
      await Promise.all(
        this.sends.filter((send) => send.acked === undefined).map((send) => this.#send(send)),
      );
      this.world.clock.advance(5_000);
    }
    this.world.clock.advance(13_000);
    await waitFor(async () => {
      await this.client.reconnect();
      return this.client.shown.length >= this.sends.length;
    });
  }

  async history(): Promise<messagev1.Message[]> {
    const all: messagev1.Message[] = [];
    for (let beforeSeq = 0n, isComplete = false; !isComplete; ) {
      const page = await this.#node.client.listMessages({ peer: ALICE, beforeSeq, limit: 7 }, asUser(BOB));
      all.unshift(...page.messages);
      ({ isComplete, nextBeforeSeq: beforeSeq } = page);
    }
    return all;
  }

  async unread(): Promise<bigint> {
    return (await this.#node.client.countUnread({}, asUser(BOB))).total;
  }

  #begin(one: { from: UserId; count: number; fault: AppendFault | 'held' | 'none' }): void {
    if (one.fault === 'held') {
      const gate = held();
      this.#releases.push(gate.release);
      this.#fault = { heldUntil: gate.until };
    } else this.#fault = one.fault === 'none' ? undefined : one.fault;
    for (let index = 0; index < one.count; index++) {
      const send: Send = { id: `m${this.sends.length}`, from: one.from, attempts: 0, acked: undefined };
      this.sends.push(send);
      this.#sending.push(this.#send(send));
    }
    // Sometimes what was held is let go, sometimes it waits on.
    if (this.#releases.length > 1) this.#releases.shift()?.();
  }

  async #send(send: Send): Promise<void> {
    const to = send.from === ALICE ? BOB : ALICE;
    const request = { to, type: C2C, clientMessageId: send.id, body: textBody(send.id) };
    try {
      send.acked = (await this.#node.client.send(request, asUser(send.from, this.#attemptOf(send)))).seq;
    } catch {
      // Retried in the end.
    }
  }

  #attemptOf(send: Send): { attempt: number; firstAttemptAtMs?: number } {
    const { firstAttemptAtMs } = send;
    const attempt = send.attempts++;
    if (firstAttemptAtMs !== undefined) return { attempt, firstAttemptAtMs };
    send.firstAttemptAtMs = this.world.clock.now();
    return { attempt };
  }

  async #settle(): Promise<void> {
    for (const release of this.#releases.splice(0)) release();
    await Promise.all(this.#sending.splice(0));
    await this.client.settled();
  }

  #push(message: messagev1.Message): void {
    const fate = this.fates.next().value as Fate;
    if (fate === 'dropped') return;
    if (fate === 'late') {
      if (this.#late !== undefined) this.client.take(this.#late);
      this.#late = message;
      return;
    }
    this.client.take(message);
    if (fate === 'twice') this.client.take(message);
  }
}

describe.each(['process', 'cluster'] as const)('push and sync, scope %s', (scope) => {
  it('end with the full history in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), fates, async (steps, pushFates) => {
        const world = await MessageWorld.create({ scope });
        try {
          await world.gateway.connect(BOB, 'bob', APP);
          const story = new Story(world, pushFates[Symbol.iterator]());
          await story.start();
          for (const one of steps) await story.take(one);
          await story.finish();
          const history = await story.history();
          expect(story.client.shown.map((one) => one.seq)).toEqual(history.map((one) => one.seq));
          expect(history.map((one) => one.clientMessageId).sort()).toEqual(
            story.sends.map((one) => one.id).sort(),
          );
          const seqOf = new Map(story.sends.map((one) => [one.id, one.acked]));
          for (const one of history) expect(one.seq).toBe(seqOf.get(one.clientMessageId));
          const fromAlice = story.sends.filter((one) => one.from === ALICE).length;
          expect(await story.unread()).toBe(BigInt(fromAlice));
        } finally {
          await world.close();
        }
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
