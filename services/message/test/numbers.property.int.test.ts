// The first hard claim: a number is never given to two messages, and a send never becomes two
// messages, whatever fails: appends, processes, coordination, in any order.
import { ChatError, type UserId } from '@parley/kernel';
import fc from 'fast-check';
import { readRecord } from '../src/encoding/record-encoding.js';
import type { AppendFault } from './support/faulty-log.js';
import { held } from './support/held.js';
import { readWholeLog } from './support/log-audit.js';
import {
  ALICE,
  asUser,
  BOB,
  C2C,
  type MessageNode,
  MessageWorld,
  textBody,
} from './support/message-world.js';

type Step =
  | { readonly do: 'send'; readonly from: UserId; readonly retryOf: number }
  | { readonly do: 'fault'; readonly fault: 'lost' | 'unknown' | 'held' }
  | { readonly do: 'release' }
  | { readonly do: 'burst'; readonly size: number }
  | { readonly do: 'crash' }
  | { readonly do: 'lose' }
  | { readonly do: 'wait'; readonly ms: number };

const sender = fc.constantFrom(ALICE, BOB);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('send' as const), from: sender, retryOf: fc.nat(60) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      fault: fc.constantFrom('lost' as const, 'unknown' as const, 'held' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('burst' as const), size: fc.integer({ min: 2, max: 20 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(100, 4_000, 6_000, 12_500),
    }),
  },
);

interface Send {
  readonly id: string;
  readonly from: UserId;
  attempts: number;
  /** Set by the first attempt, as an SDK does, and told with the others. */
  firstAttemptAtMs?: number;
  acked: bigint | undefined;
}

class Run {
  readonly sends: Send[] = [];
  #node!: MessageNode;
  #fault: AppendFault | undefined;
  /** Records that wait in front of the log, and the sends that wait for them. */
  #releases: (() => void)[] = [];
  #sending: Promise<void>[] = [];

  constructor(
    private readonly world: MessageWorld,
    private readonly scope: 'process' | 'cluster',
  ) {}

  async start(): Promise<void> {
    this.#node = await this.world.startNode();
    this.#node.log.fault = () => {
      const fault = this.#fault;
      this.#fault = undefined;
      return fault;
    };
  }

  async take(one: Step): Promise<void> {
    if (one.do === 'send') await this.#sendOrLeaveHeld(this.#pick(one));
    else if (one.do === 'fault') this.#setFault(one.fault);
    else if (one.do === 'release') await this.#release();
    else if (one.do === 'burst') await this.#burst(one.size);
    else if (one.do === 'wait') this.world.clock.advance(one.ms);
    else if (one.do === 'lose' && this.scope === 'cluster') this.world.loseCoordination();
    else if (one.do === 'crash') await this.#crash();
  }

  async send(send: Send): Promise<void> {
    const to = send.from === ALICE ? BOB : ALICE;
    const request = { to, type: C2C, clientMessageId: send.id, body: textBody(send.id) };
    try {
      const ack = await this.#node.client.send(request, asUser(send.from, this.#attemptOf(send)));
      if (send.acked !== undefined) expect(ack.seq).toBe(send.acked);
      send.acked = ack.seq;
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(ChatError);
      expect((thrown as ChatError).isRetryable).toBe(true);
    }
  }

  #attemptOf(send: Send): { attempt: number; firstAttemptAtMs?: number } {
    const { firstAttemptAtMs } = send;
    const attempt = send.attempts++;
    if (firstAttemptAtMs !== undefined) return { attempt, firstAttemptAtMs };
    send.firstAttemptAtMs = this.world.clock.now();
    return { attempt };
  }

  /** Every send is retried until it is acked, as an SDK does. */
  async finish(): Promise<void> {
    await this.#release();
    this.#fault = undefined;
    for (let round = 0; this.sends.some((send) => send.acked === undefined); round++) {
      expect(round).toBeLessThan(5);
      for (const send of this.sends) if (send.acked === undefined) await this.send(send);
      this.world.clock.advance(5_000);
    }
  }

  #setFault(fault: 'held' | Exclude<AppendFault, object>): void {
    // Nobody met the gate that another fault replaces: then no send waits for it, and time does not pass beside one.
    if (typeof this.#fault === 'object') this.#releases.pop();
    this.#fault = fault === 'held' ? this.#hold() : fault;
  }

  #hold(): AppendFault {
    const gate = held();
    this.#releases.push(gate.release);
    return { heldUntil: gate.until };
  }

  async #release(): Promise<void> {
    for (const release of this.#releases.splice(0)) release();
    await Promise.all(this.#sending.splice(0));
  }

  /** A send whose record is held is not waited for: it goes on while others are sent, and while it is retried. */
  async #sendOrLeaveHeld(send: Send): Promise<void> {
    const sending = this.send(send);
    if (this.#releases.length === 0) await sending;
    else this.#sending.push(sending);
    await new Promise(setImmediate);
  }

  #pick(one: { from: UserId; retryOf: number }): Send {
    // A send that is acked may be retried too: its ack was lost.
    const known = this.sends[one.retryOf];
    if (known !== undefined) return known;
    return this.#fresh(one.from);
  }

  #fresh(from: UserId): Send {
    const send: Send = { id: `m${this.sends.length}`, from, attempts: 0, acked: undefined };
    this.sends.push(send);
    return send;
  }

  async #burst(size: number): Promise<void> {
    const fresh = Array.from({ length: size }, (_, index) => this.#fresh(index % 2 === 0 ? ALICE : BOB));
    await Promise.all(fresh.map((send) => this.#sendOrLeaveHeld(send)));
  }

  async #crash(): Promise<void> {
    // A dead process hands nothing to the log later.
    await this.#release();
    if (this.scope === 'process') await this.world.restart();
    await this.start();
  }
}

async function check(world: MessageWorld, run: Run): Promise<void> {
  const owners = new Map<bigint, string>();
  for (const record of await readWholeLog(world.log)) {
    const { facts, dedupKey } = readRecord(record.value);
    expect(owners.get(facts.seq) ?? dedupKey).toBe(dedupKey);
    owners.set(facts.seq, dedupKey);
  }
  const acked = run.sends.map((send) => send.acked);
  expect(new Set(acked).size).toBe(run.sends.length);
  const node = await world.startNode();
  const ids: string[] = [];
  for (let afterSeq = 0n, hasMore = true; hasMore; ) {
    const page = await node.client.syncMessages({ peer: ALICE, afterSeq }, asUser(BOB));
    for (const message of page.messages) {
      ids.push(message.clientMessageId);
      expect(run.sends.find((send) => send.id === message.clientMessageId)?.acked).toBe(message.seq);
    }
    ({ hasMore, completeTo: afterSeq } = page);
  }
  expect(ids).toHaveLength(new Set(ids).size);
  expect(new Set(ids)).toEqual(new Set(run.sends.map((send) => send.id)));
}

describe.each(['process', 'cluster'] as const)('numbers, scope %s', (scope) => {
  it('are never reused, and no send becomes two messages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const world = await MessageWorld.create({ scope });
        try {
          const run = new Run(world, scope);
          await run.start();
          for (const one of steps) await run.take(one);
          await run.finish();
          world.clock.advance(13_000);
          await check(world, run);
        } finally {
          await world.close();
        }
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
