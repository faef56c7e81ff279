// Three users of a group join, leave, speak, are spoken to by name and read, while pushes are dropped, doubled and
// delayed and the server restarts: everybody ends with the whole history that is theirs to see, and the model's unread count.
import type { UserId } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import fc from 'fast-check';
import type { AppendFault } from './support/faulty-log.js';
import { GroupClient } from './support/group-client.js';
import { GroupModel } from './support/group-model.js';
import { GroupWorld } from './support/group-world.js';
import { ALICE, APP, BOB, CAROL, type MessageNode, MessageWorld } from './support/message-world.js';

type Fate = 'arrives' | 'dropped' | 'twice' | 'late';
type Step =
  | {
      readonly do: 'send';
      readonly who: UserId;
      readonly to: readonly UserId[];
      readonly fault: AppendFault | 'none';
    }
  | { readonly do: 'tip' }
  | { readonly do: 'join'; readonly who: UserId; readonly withHistory: boolean }
  | { readonly do: 'leave' | 'read' | 'reconnect'; readonly who: UserId }
  | { readonly do: 'restart' };

const USERS = [ALICE, BOB, CAROL];
const who = fc.constantFrom(...USERS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      who,
      to: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.uniqueArray(who, { minLength: 1, maxLength: 2 }) },
      ),
      fault: fc.constantFrom<AppendFault | 'none'>('none', 'none', 'none', 'none', 'lost', 'unknown'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tip' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('join' as const), who, withHistory: fc.boolean() }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'read' as const, 'read' as const), who }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reconnect' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);
const fates = fc.infiniteStream(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant<Fate>('arrives') },
    { weight: 2, arbitrary: fc.constant<Fate>('dropped') },
    { weight: 1, arbitrary: fc.constant<Fate>('twice') },
    { weight: 1, arbitrary: fc.constant<Fate>('late') },
  ),
);

class Story {
  readonly model = new GroupModel();
  readonly clients: ReadonlyMap<UserId, GroupClient>;
  readonly group: GroupWorld;
  readonly #late = new Map<UserId, Parameters<GroupClient['take']>[0]>();
  #node!: MessageNode;
  #sends = 0;

  constructor(
    private readonly world: MessageWorld,
    private readonly fates: Iterator<Fate>,
  ) {
    this.group = new GroupWorld(world, () => this.#node);
    this.clients = new Map(USERS.map((user) => [user, new GroupClient(user, this.group)]));
    world.gateway.onMessage = (connectionId, message) =>
      this.#push(connectionId as string as UserId, message);
  }

  async start(): Promise<void> {
    this.#node = await this.world.startNode();
  }

  async found(): Promise<void> {
    for (const user of USERS) await this.world.gateway.connect(user, user, APP);
    await this.group.found([ALICE, BOB]);
    for (const user of [ALICE, BOB]) this.model.join(user, false);
    for (const user of [ALICE, BOB]) this.clients.get(user)?.open();
  }

  async take(one: Step): Promise<void> {
    if (one.do === 'send') return this.#send(one);
    if (one.do === 'tip') return this.#tip();
    if (one.do === 'restart') return this.#restart();
    const isIn = this.model.isMember(one.who);
    if (one.do === 'join' && !isIn) {
      await this.group.join(one.who, one.withHistory);
      this.model.join(one.who, one.withHistory);
      this.clients.get(one.who)?.open();
    } else if (one.do === 'leave' && isIn) {
      await this.group.leave(one.who);
      this.model.leave(one.who);
    } else if (one.do === 'read' && isIn) {
      await this.group.markRead(one.who);
      this.model.read(one.who);
    } else if (one.do === 'reconnect' && isIn) await this.clients.get(one.who)?.sync();
  }

  async #send({ who, to, fault }: Extract<Step, { do: 'send' }>): Promise<void> {
    if (!this.model.isMember(who)) return;
    const id = `m${this.#sends++}`;
    this.#node.log.fault = () => (fault === 'none' ? undefined : fault);
    const more = { toAccounts: [...to] };
    let ack = await this.group.send(id, who, more).catch(() => undefined);
    this.#node.log.fault = () => undefined;
    for (let attempt = 1; ack === undefined; attempt++) {
      ack = await this.group.send(id, who, more, attempt).catch(() => undefined);
      this.world.clock.advance(attempt > 1 ? 3_000 : 0);
    }
    this.model.send({ id, seq: ack.seq, from: who, to });
  }

  async #tip(): Promise<void> {
    const id = `t${this.#sends++}`;
    const { seq } = await this.group.sendTip(id);
    this.model.tip(id, seq);
  }

  async #restart(): Promise<void> {
    for (const client of this.clients.values()) await client.settled();
    await this.world.restart();
    await this.start();
  }

  /** What clients show and what the server counts, for those who are members in the end. */
  async expectConverged(): Promise<void> {
    this.world.clock.advance(13_000);
    for (const user of USERS) {
      if (!this.model.isMember(user)) continue;
      const client = this.clients.get(user) as GroupClient;
      const expected = this.model.visible(user);
      await waitFor(async () => {
        await client.sync();
        return client.shown().length >= expected.length;
      });
      expect(client.shown()).toEqual(expected);
      expect((await this.group.history(user)).map((one) => one.seq)).toEqual(expected.map((one) => one.seq));
      expect(Number(await this.group.unread(user))).toBe(this.model.unread(user));
    }
  }

  #push(user: UserId, message: Parameters<GroupClient['take']>[0]): void {
    const client = this.clients.get(user);
    const fate = this.fates.next().value as Fate;
    if (fate === 'dropped' || client === undefined) return;
    const waiting = this.#late.get(user);
    this.#late.delete(user);
    if (fate === 'late') this.#late.set(user, message);
    else client.take(message);
    if (fate === 'twice') client.take(message);
    if (waiting !== undefined) client.take(waiting);
  }
}

describe.each(['process', 'cluster'] as const)('a group of three, scope %s', (scope) => {
  it('converges', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 30 }), fates, async (steps, pushFates) => {
        const world = await MessageWorld.create({ scope });
        try {
          const story = new Story(world, pushFates[Symbol.iterator]());
          await story.start();
          await story.found();
          for (const one of steps) await story.take(one);
          await story.expectConverged();
        } finally {
          await world.close();
        }
      }),
      { numRuns: 15 },
    );
  }, 140_000);
});
