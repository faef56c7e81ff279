import { create } from '@bufbuild/protobuf';
import { type Coordination, createMemoryCoordination } from '@parley/coordination';
import { type AppId, ChatError, ErrorCode, type GroupId, type UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { Client } from '@parley/rpc';
import { GroupDirectory } from './group-directory.js';

const APP = 7 as AppId;
const GROUP = 'a group' as GroupId;
const about = (user: string, groupId: string = GROUP) => ({
  appId: APP,
  groupId: groupId as GroupId,
  user: user as UserId,
});

describe('GroupDirectory', () => {
  let nowMs: number;
  let coordination: Coordination;
  let directory: GroupDirectory;
  let calls: string[];
  let isMember: boolean;
  let hold: Promise<void> | undefined;
  beforeEach(async () => {
    nowMs = 1_000_000;
    calls = [];
    isMember = true;
    hold = undefined;
    const clock = { now: () => nowMs };
    coordination = createMemoryCoordination({ clock });
    const getSendFacts = async ({ groupId, userId }: { groupId: string; userId: string }) => {
      calls.push(`${groupId}/${userId}`);
      const answer = create(groupv1.GetSendFactsResponseSchema, { exists: true, isMember });
      await hold;
      return answer;
    };
    const groups = { getSendFacts } as unknown as Client<typeof groupv1.GroupService>;
    directory = new GroupDirectory({ groups, coordination, clock, factsMax: 3 });
    await directory.start();
  });
  afterEach(async () => {
    await directory.stop();
    await coordination.close();
  });

  const refuseStrangers = (facts: { isMember: boolean }) =>
    facts.isMember ? undefined : new ChatError(ErrorCode.GROUP_NO_PERMISSION, 'no');
  const allow = (user: string) => directory.allow(about(user), refuseStrangers);

  it('asks once for many who ask at once, and not again for 30 s', async () => {
    await Promise.all([allow('ann'), allow('ann'), allow('bob')]);
    expect(calls).toEqual(['a group/ann', 'a group/bob']);
    nowMs += 29_999;
    await allow('ann');
    expect(calls).toHaveLength(2);
    nowMs += 1;
    await allow('ann');
    expect(calls).toHaveLength(3);
  });

  it.each([
    [`${APP} ${GROUP}`, ['ann', 'bob']],
    [`${APP} ${GROUP} ann`, ['ann']],
    [`${APP} a group of others`, []],
    [`${APP} a`, []],
    [`8 ${GROUP}`, []],
  ])('forgets by the notice "%s"', async (notice, forgotten) => {
    await Promise.all([allow('ann'), allow('bob')]);
    await coordination.publish('group:changed', notice);
    calls.length = 0;
    await Promise.all([allow('ann'), allow('bob')]);
    expect(calls).toEqual(forgotten.map((user) => `a group/${user}`));
  });

  it('refuses nobody by what it remembers', async () => {
    isMember = false;
    await expect(allow('ann')).rejects.toMatchObject({ code: ErrorCode.GROUP_NO_PERMISSION });
    isMember = true;
    await allow('ann');
    expect(calls).toHaveLength(2);
    isMember = false;
    await allow('ann');
    expect(calls).toHaveLength(2);
  });

  it('does not remember, nor share, an answer that a notice overtook', async () => {
    let release: () => void = () => undefined;
    hold = new Promise((resolve) => {
      release = resolve;
    });
    const early = allow('ann');
    isMember = false;
    await coordination.publish('group:changed', `${APP} ${GROUP} ann`);
    hold = undefined;
    await expect(allow('ann')).rejects.toMatchObject({ code: ErrorCode.GROUP_NO_PERMISSION });
    release();
    await early;
    await expect(allow('ann')).rejects.toMatchObject({ code: ErrorCode.GROUP_NO_PERMISSION });
  });

  it('is bounded: the oldest go first', async () => {
    for (const user of ['a', 'b', 'c', 'd']) await allow(user);
    expect(directory.size).toBe(3);
    calls.length = 0;
    await Promise.all([allow('d'), allow('a')]);
    expect(calls).toEqual(['a group/a']);
  });
});
