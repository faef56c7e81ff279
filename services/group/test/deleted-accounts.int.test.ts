// Accounts that are deleted leave their groups.
import { create, toBinary } from '@bufbuild/protobuf';
import { authv1 } from '@parley/proto';
import { accountEventsTopic } from '@parley/runtime';
import { waitFor } from '@parley/testkit';
import { APP, admin, GroupWorld, OTHER_APP } from './support/group-world.js';

let world: GroupWorld;
beforeEach(async () => {
  world = await GroupWorld.open();
});
afterEach(() => world.close());

async function tell(userId: string, timeMs = world.clock.now(), appId = APP): Promise<void> {
  const event = { case: 'deleted' as const, value: {} };
  const record = create(authv1.AccountEventSchema, { appId, userId, timeMs: BigInt(timeMs), life: 1, event });
  const bytes = toBinary(authv1.AccountEventSchema, record);
  await world.test.platform.log.append(accountEventsTopic, `${appId}/${userId}`, bytes);
}
const joined = async (user: string) =>
  (await world.groups.listJoinedGroups({ user }, admin)).groups.map(({ group }) => group?.groupId).sort();

/** A list of members is read from rows, which follow what is decided. */
const hasOnly = (groupId: string, ...names: string[]) =>
  waitFor(async () => (await world.memberIds(groupId)).join() === names.join());

describe('an account that is deleted', () => {
  it('leaves all its groups, those that it owns too, and the others read that it has left', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 20; at++) ids.push(await world.group('Public', { members: ['bob', 'carol'] }));
    const own = await world.group('Public', { owner: 'bob', admins: ['carol'] });
    const led = await world.group('Public', { admins: ['bob'] });
    await tell('bob');
    await waitFor(async () => (await joined('bob')).length === 0);
    await hasOnly(ids[0] ?? '', 'carol', 'olga');
    await hasOnly(led, 'olga');
    expect(await joined('carol')).toEqual([...ids, own].sort());
    const { owner, memberNum } = await world.info(own);
    expect([owner, memberNum]).toEqual(['', 1]);
    await waitFor(() => !world.messages.isOpen(own, 'bob'));
    const isTold = () => world.messages.tips(own).some(({ content }) => content.OpType === 2);
    await waitFor(isTold);
  });

  it('changes nothing when it is told again, of groups that are gone, or of those of its next life', async () => {
    const [group, ended] = [await world.group('Public'), await world.group('Public', { members: ['bob'] })];
    await world.groups.destroyGroup({ groupId: ended }, admin);
    const deletedAtMs = world.clock.now();
    world.clock.advance(1_000);
    await world.groups.addMembers(
      { groupId: group, members: [{ userId: 'bob' }, { userId: 'carol' }] },
      admin,
    );
    await tell('bob', deletedAtMs);
    await tell('carol', deletedAtMs + 1_000);
    await tell('olga', world.clock.now(), OTHER_APP);
    await waitFor(async () => (await joined('carol')).length === 0);
    for (let times = 0; times < 2; times++) await tell('carol', deletedAtMs + 1_000);
    await tell('olga');
    await waitFor(async () => (await joined('olga')).length === 0);
    await hasOnly(group, 'bob');
  });
});
