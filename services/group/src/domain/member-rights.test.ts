import { create } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { GroupTypes } from './group-types.js';
import {
  CommunityRight,
  communityRights,
  decideAs,
  decidePermissionAct,
  decideTargetedAs,
  holds,
  isByRights,
  MessageRight,
  newcomersSeePast,
  permissionGroupsOf,
  TopicRightBit,
  topicRights,
} from './member-rights.js';
import { OPERATIONS } from './policy.js';
import { decideInTopic } from './topic-rights.js';

const community = new GroupTypes().named('Community');
const NO = ErrorCode.GROUP_NO_PERMISSION;
const member = (permissionGroupIds: string[]) =>
  create(groupv1.MemberSchema, { userId: 'mia', permissionGroupIds });
const state = create(groupv1.GroupStateSchema, {
  permissionGroups: [
    { permissionGroupId: 'a', permission: 0b001n, firstSeq: 1n },
    { permissionGroupId: 'b', permission: 0b100n, firstSeq: 2n },
  ],
});
const withBits = (communityBits: bigint, topic = 0n) => ({
  role: 'M' as const,
  rights: { community: communityBits, topic },
});

describe('rights of a member', () => {
  it('are those of the community and of every permission group that is there', () => {
    const group = create(groupv1.GroupSchema, { defaultPermission: 0b1000n });
    const bits = (ids: string[]) => communityRights(group, permissionGroupsOf(state, member(ids)));
    expect([[], ['a'], ['a', 'b'], ['gone']].map(bits)).toEqual([0b1000n, 0b1001n, 0b1101n, 0b1000n]);
  });

  it('are those of the topic and of every permission group that has some in it', () => {
    const topic = create(groupv1.TopicSchema, { topicId: 't', defaultPermission: 0b10n });
    const row = (topicPermissions: Record<string, bigint>) =>
      create(groupv1.PermissionGroupRowSchema, { topicPermissions });
    expect(topicRights(topic, [])).toBe(0b10n);
    expect(topicRights(topic, [row({ t: 0b1n, u: 0b100n }), row({ t: 0b1000n })])).toBe(0b1011n);
  });

  it('are in force where the community says so, and nowhere else', () => {
    const enabled = create(groupv1.GroupSchema, { enablePermission: true });
    expect(isByRights(community, enabled)).toBe(true);
    expect(isByRights(community, create(groupv1.GroupSchema))).toBe(false);
    expect(isByRights(new GroupTypes().named('Public'), enabled)).toBe(false);
  });

  it('say what newcomers see of the past, where they are in force', () => {
    const sees = (fields: object) => newcomersSeePast(community, create(groupv1.GroupSchema, fields));
    expect(sees({ historyBeforeJoin: true })).toBe(true);
    expect(sees({ historyBeforeJoin: true, enablePermission: true })).toBe(false);
    const defaultPermission = CommunityRight.READ_PAST;
    expect(sees({ enablePermission: true, defaultPermission })).toBe(true);
    expect(sees({ defaultPermission })).toBe(false);
  });

  it('are held in a topic by a bit of the community or of the topic', () => {
    for (const name of ['SEND', 'AT_ALL', 'READ_PAST', 'RECALL_OTHERS'] as const) {
      const [ofCommunity, ofTopic] = [CommunityRight[name], TopicRightBit[name]];
      expect(holds({ community: ofCommunity, topic: 0n }, MessageRight[name])).toBe(true);
      expect(holds({ community: 0n, topic: ofTopic }, MessageRight[name])).toBe(true);
      expect(holds({ community: ~ofCommunity, topic: ~ofTopic }, MessageRight[name])).toBe(false);
    }
  });
});

describe('what a bit allows', () => {
  it('is all that it names: every operation beside every bit', () => {
    const named: Readonly<Record<string, keyof typeof CommunityRight>> = {
      ...{ modifyProfile: 'MANAGE_INFO', modifyOptions: 'MANAGE_INFO' },
      ...{ kickMember: 'MANAGE_MEMBERS', kickAdmin: 'MANAGE_MEMBERS' },
      ...{ modifyMember: 'MANAGE_MEMBERS', modifyAdmin: 'MANAGE_MEMBERS' },
      ...{ decideApplication: 'MANAGE_MEMBERS', muteAll: 'MUTE', muteMember: 'MUTE', muteAdmin: 'MUTE' },
      ...{ banMember: 'BAN', banAdmin: 'BAN' },
    };
    for (const operation of OPERATIONS) {
      for (const [name, bit] of Object.entries(CommunityRight)) {
        const byRole = community.may[operation].includes('M');
        const isAllowed = named[operation] === undefined ? byRole : named[operation] === name;
        const decided = decideAs(community, withBits(bit), operation);
        expect([operation, name, decided]).toEqual([operation, name, isAllowed ? undefined : NO]);
      }
    }
  });

  it('holds for members and those who were admins, not for the owner', () => {
    const able = withBits(CommunityRight.MANAGE_MEMBERS);
    expect(decideTargetedAs(community, able, 'kick', 'member')).toBeUndefined();
    expect(decideTargetedAs(community, able, 'kick', 'owner')).toBe(NO);
    expect(decideTargetedAs(community, able, 'ban', 'member')).toBe(NO);
    expect(decideTargetedAs(community, { role: 'A' }, 'kick', 'member')).toBeUndefined();
  });

  it('in topics is of the community, or of the topic alone', () => {
    const rights: Readonly<Record<string, readonly [bigint, bigint]>> = {
      manage: [CommunityRight.MANAGE_TOPICS, TopicRightBit.MANAGE_INFO],
      permissions: [CommunityRight.MANAGE_PERMISSION_GROUPS, TopicRightBit.MANAGE_PERMISSIONS],
      muteAll: [CommunityRight.MUTE, TopicRightBit.MUTE],
    };
    for (const [right, [ofCommunity, ofTopic]] of Object.entries(rights)) {
      const decide = (actor: Parameters<typeof decideInTopic>[1]) =>
        decideInTopic(community, actor, right as 'manage');
      expect(decide(withBits(ofCommunity))).toBeUndefined();
      expect(decide(withBits(0n, ofTopic))).toBeUndefined();
      expect(decide(withBits(~ofCommunity, ~ofTopic))).toBe(NO);
      expect([decide({ role: 'M' }), decide({ role: 'A' }), decide({ role: 'X' })]).toEqual([
        NO,
        undefined,
        undefined,
      ]);
    }
    expect(decideInTopic(community, withBits(0n), 'read')).toBeUndefined();
    expect(decideInTopic(community, withBits(~0n, ~0n), 'changePins')).toBe(NO);
  });

  it('of permission groups: to manage them and their members, never whether they are in force', () => {
    const decide = (actor: Parameters<typeof decideInTopic>[1], act: 'manageGroups') =>
      decidePermissionAct(community, actor, act);
    const acts = {
      manageGroups: 'MANAGE_PERMISSION_GROUPS',
      manageMembers: 'MANAGE_PERMISSION_MEMBERS',
    } as const;
    for (const [act, name] of Object.entries(acts)) {
      expect(decide(withBits(CommunityRight[name]), act as 'manageGroups')).toBeUndefined();
      expect(decide(withBits(~CommunityRight[name]), act as 'manageGroups')).toBe(NO);
      expect(decide({ role: 'M' }, act as 'manageGroups')).toBe(NO);
      expect(decide({ role: 'A' }, act as 'manageGroups')).toBeUndefined();
    }
    expect(decidePermissionAct(community, withBits(~0n), 'switch')).toBe(NO);
    expect(decidePermissionAct(community, { role: 'O' }, 'switch')).toBeUndefined();
    expect(decidePermissionAct(community, withBits(0n), 'read')).toBeUndefined();
  });
});
