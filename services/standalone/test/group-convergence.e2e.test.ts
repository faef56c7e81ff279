// Members join, leave, are removed, promoted and muted, speak, and change what their group says of itself, from three
// people's devices with cut connections and from a back end at once. In the end all see one group.
import TencentCloudChat from '@parley/sdk';
import { actOf, backEndAct, type GroupStage, Tally } from './convergence/group-actors.js';
import { UnsteadyDevices } from './convergence/unsteady-devices.js';
import { type Device, type Json, restOk, until } from './scenarios/world.js';

const APP_ID = 1_400_000_077;
const SEED = Number(process.env.PARLEY_CONVERGENCE_SEED ?? Date.now() % 1_000_000);
const ACTS = 100;
const SERVICE = 'group_open_http_svc';
const USERS = ['alice', 'bob', 'carol', 'dave'];
/** Two devices of bob; dave has none. */
const DEVICES = ['alice', 'bob', 'bob', 'carol'];

interface GroupTruth {
  readonly profile: Json;
  /** By member: role, end of mute, name card. */
  readonly members: ReadonlyMap<string, Json>;
  readonly counter: number;
  readonly sequences: readonly number[];
}

/** The group as a back end sees it. */
async function truthOf({ world }: UnsteadyDevices, GroupId: string): Promise<GroupTruth> {
  const info = await restOk(world, `${SERVICE}/get_group_info`, { GroupIdList: [GroupId] });
  const { Name, Notification, Owner_Account, MemberNum } = info.GroupInfo[0];
  const listed = await restOk(world, `${SERVICE}/get_group_member_info`, { GroupId });
  const counters = await restOk(world, `${SERVICE}/get_group_counter`, { GroupId });
  const sequences: number[] = [];
  for (let newest: number | undefined; ; newest = (sequences.at(-1) ?? 1) - 1) {
    const page = await restOk(world, `${SERVICE}/group_msg_get_simple`, {
      ...{ GroupId, ReqMsgNumber: 20 },
      ...(newest !== undefined && { ReqMsgSeq: newest }),
    });
    sequences.push(...page.RspMsgList.map((message: Json) => message.MsgSeq));
    if (page.RspMsgList.length === 0 || sequences.at(-1) === 1) break;
  }
  return {
    profile: { name: Name, notification: Notification, ownerID: Owner_Account, memberCount: MemberNum },
    members: new Map(listed.MemberList.map((member: Json) => [member.Member_Account, member])),
    counter: counters.GroupCounter.find(({ Key }: Json) => Key === 'likes')?.Value ?? 0,
    sequences: sequences.reverse(),
  };
}

/** What a device holds of the group, without asking the server. */
async function heldBy({ chat }: Device, groupID: string): Promise<Json | undefined> {
  const { data } = await chat.getGroupList();
  const group = data.groupList.find((one: Json) => one.groupID === groupID);
  if (group === undefined) return undefined;
  const { name, notification, ownerID, memberCount, selfInfo } = group;
  const isMuted = (selfInfo?.muteUntil ?? 0) > Date.now() / 1_000;
  return { name, notification, ownerID, memberCount, role: selfInfo?.role, isMuted };
}

function expectedOf({ profile, members }: GroupTruth, userID: string): Json | undefined {
  const self = members.get(userID);
  if (self === undefined) return undefined;
  const isMuted = (self.MuteUntil ?? self.ShutUpUntil ?? 0) > Date.now() / 1_000;
  return { ...profile, role: self.Role, isMuted };
}

const shownBy = (one: Device, groupID: string): number[] =>
  one.received.filter((message: Json) => message.to === groupID).map((message: Json) => message.sequence);

/** Whoever is in the group sees its members and values as the back end does. */
async function expectSameView(one: Device, groupID: string, truth: GroupTruth): Promise<void> {
  const { data } = await one.chat.getGroupMemberList({ groupID, count: 100 });
  const roles = data.memberList.map(({ userID, role }: Json) => [userID, role]).sort();
  expect(roles).toEqual([...truth.members].map(([userID, { Role }]) => [userID, Role]).sort());
  const counters = await one.chat.getGroupCounters({ groupID });
  expect(counters.data.counters.likes ?? 0).toBe(truth.counter);
}

describe('a group under random changes from everywhere', () => {
  let unsteady: UnsteadyDevices;
  beforeAll(async () => {
    unsteady = await UnsteadyDevices.start({ appId: APP_ID, seed: SEED, users: DEVICES });
    await restOk(unsteady.world, 'im_open_login_svc/multiaccount_import', { Accounts: USERS });
  });
  afterAll(() => unsteady?.close());

  it(`is one group for all in the end (seed ${SEED})`, async () => {
    const groupID = 'converging';
    const [owner] = unsteady.devices as [Device];
    await owner.chat.createGroup({
      ...{ groupID, name: groupID, type: TencentCloudChat.TYPES.GRP_PUBLIC },
      ...{ joinOption: TencentCloudChat.TYPES.JOIN_OPTIONS_FREE_ACCESS, memberList: [{ userID: 'bob' }] },
    });
    const stage: GroupStage = { unsteady, groupID, users: USERS, likes: new Tally() };
    const restCodes: number[] = [];
    const byBackEnd = backEndAct(stage, unsteady.world);
    await unsteady.disturbedly([
      ...unsteady.devices.map((one) => ({ acts: ACTS, act: actOf(stage, one) })),
      { acts: ACTS, act: async () => restCodes.push(await byBackEnd()) },
    ]);

    const text = { MsgType: 'TIMTextElem', MsgContent: { Text: 'the end' } };
    const { MsgSeq } = await restOk(unsteady.world, `${SERVICE}/send_group_msg`, {
      ...{ GroupId: groupID, Random: 7, MsgBody: [text] },
    });
    const truth = await truthOf(unsteady, groupID);
    for (const one of unsteady.devices) {
      const expected = expectedOf(truth, one.userID);
      await until(`${one.userID} to hold ${JSON.stringify(expected)}`, async () => {
        return JSON.stringify(await heldBy(one, groupID)) === JSON.stringify(expected);
      });
      if (expected === undefined) continue;
      await until(`${one.userID} to see the end`, () => shownBy(one, groupID).includes(MsgSeq));
      await expectSameView(one, groupID, truth);
    }

    expect(truth.profile.memberCount).toBe(truth.members.size);
    expect(truth.sequences).toEqual([...new Set(truth.sequences)].sort((a, b) => a - b));
    const known = new Set(truth.sequences);
    for (const one of unsteady.devices) {
      const shown = shownBy(one, groupID);
      expect(shown).toEqual([...new Set(shown)].sort((a, b) => a - b));
      expect(shown.filter((sequence) => !known.has(sequence))).toEqual([]);
    }
    expect(truth.counter).toBeGreaterThanOrEqual(stage.likes.sure);
    expect(truth.counter).toBeLessThanOrEqual(stage.likes.sure + stage.likes.unknown);
    expect(restCodes.filter((code) => code === 0).length).toBeGreaterThan(ACTS / 2);
  }, 120_000);

  it('was done to it by all, and refused only for reasons', () => {
    const codes = Object.fromEntries([...unsteady.codes].sort(([a], [b]) => a - b));
    console.info(JSON.stringify(codes));
    expect(codes[0]).toBeGreaterThan(ACTS);
    expect(codes[10_002]).toBeUndefined();
    expect(codes[91_000]).toBeUndefined();
  });
});
