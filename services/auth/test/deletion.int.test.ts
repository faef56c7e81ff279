// What follows from a deletion, and that no death of a process in between loses it.
import { fromBinary } from '@bufbuild/protobuf';
import { ErrorCode, type UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { accountEventsTopic } from '@parley/runtime';
import { waitFor } from '@parley/testkit';
import { APP, AuthWorld, admin, codeOf } from './world.js';

let world: AuthWorld;
beforeEach(async () => {
  world = await AuthWorld.open({ deletedAccountLockDays: 0 });
});
afterEach(() => world.close());

const remove = (userId: string) => world.auth.deleteAccounts({ userIds: [userId] }, admin);

/** Everything that the log has told so far. */
async function told(): Promise<authv1.AccountEvent[]> {
  const { log } = world.test.platform;
  const events: authv1.AccountEvent[] = [];
  const ends = await log.endOffsets(accountEventsTopic);
  let wanted = Number(ends.reduce((sum, end) => sum + end, 0n));
  const subscription = await log.subscribe({
    topic: accountEventsTopic,
    group: `reader-${Math.random().toString(36).slice(2)}`,
    handler: async ({ records }) => {
      for (const { key, value } of records) {
        const event = fromBinary(authv1.AccountEventSchema, value);
        expect(key).toBe(`${event.appId}/${event.userId}`);
        events.push(event);
        wanted -= 1;
      }
    },
  });
  await waitFor(() => wanted <= 0);
  await subscription.stop();
  return events;
}

describe('a deletion', () => {
  it('is told by the log, with who did it, once for each life of the account', async () => {
    await world.importUsers('alice', 'bob');
    await remove('alice');
    await remove('alice');
    await remove('nobody');
    world.clock.advance(1);
    await world.importUsers('alice');
    await remove('alice');
    const events = await told();
    expect(events.map(({ userId, life, event }) => [userId, life, event.case])).toEqual([
      ['alice', 1, 'deleted'],
      ['alice', 2, 'deleted'],
    ]);
    expect(events[0]).toMatchObject({ appId: APP, event: { value: { operator: 'administrator' } } });
    expect(events[0]?.timeMs).toBe(BigInt(world.clock.now() - 1));
  });

  it('is refused for an admin of the app, who may go on', async () => {
    await world.login({ userId: 'administrator' });
    const { results } = await remove('administrator');
    expect(results[0]?.code).toBe(ErrorCode.ACCOUNT_BAD_PARAMETER);
    expect(await world.sessionsOf('administrator')).toHaveLength(1);
    expect(await told()).toEqual([]);
  });
});

describe('a deletion whose process dies', () => {
  /** The process gets no further than the row: neither a record nor the end of the logins. */
  async function dieBeforeTelling(userId: string): Promise<void> {
    const { log } = world.test.platform;
    const append = log.append.bind(log);
    log.append = async () => {
      throw new Error('killed');
    };
    expect(await codeOf(remove(userId))).not.toBe(0);
    log.append = append;
    world.test.logged.takeErrors();
  }

  it('is finished by the process that starts next', async () => {
    await world.importUsers('alice');
    await dieBeforeTelling('alice');
    expect(await told()).toEqual([]);
    world.clock.advance(10_001);
    await world.restart();
    await waitFor(async () => (await told()).length === 1);
    expect((await told())[0]).toMatchObject({ userId: 'alice', event: { case: 'deleted' } });
  });

  it('is finished by whoever deletes again, who hears that the account is gone', async () => {
    const { connectionId } = await world.login({ userId: 'alice' });
    await dieBeforeTelling('alice');
    expect((await remove('alice')).results[0]?.code).toBe(ErrorCode.ACCOUNT_NOT_FOUND);
    expect(await told()).toHaveLength(1);
    expect(world.gateway.disconnects).toMatchObject([{ connectionId, code: 4504 }]);
  });

  it('is finished before the UserID begins another life', async () => {
    await world.importUsers('alice');
    await dieBeforeTelling('alice');
    expect((await world.importUsers('alice')).failed).toEqual([]);
    expect((await told()).map((event) => event.life)).toEqual([1]);
    const { accounts } = await world.auth.checkAccounts({ userIds: ['alice'] }, admin);
    expect(accounts[0]?.isImported).toBe(true);
  });

  it('leaves an account alone that it never came to', async () => {
    await world.importUsers('alice');
    const { tables } = world.test.platform;
    const compareAndSet = tables.compareAndSet.bind(tables);
    tables.compareAndSet = async () => {
      throw new Error('killed');
    };
    expect(await codeOf(remove('alice'))).not.toBe(0);
    tables.compareAndSet = compareAndSet;
    world.test.logged.takeErrors();
    world.clock.advance(600_001);
    await world.restart();
    await world.login({ userId: 'alice' });
    expect(await told()).toEqual([]);
    expect(await world.test.platform.sessions.sessionsOf(APP, 'alice' as UserId)).toHaveLength(1);
  });
});
