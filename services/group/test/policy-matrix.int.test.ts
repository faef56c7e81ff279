// Every cell of the matrix of rights, asked of the running service: type × role × operation → allowed, or the code.
import { groupv1 } from '@parley/proto';
import type { CallContext } from '@parley/rpc';
import { admin, codeOf, GroupWorld, user } from './support/group-world.js';
import { CELLS, type Cell } from './support/policy-matrix.js';

type Groups = GroupWorld['groups'];
type Ask = (groups: Groups, groupId: string, as: CallContext) => Promise<unknown>;

/** In each group: olga owns it, adam is its admin, mia and max are members, zoe is nobody. */
const ACTORS: Readonly<Record<Cell['role'], CallContext>> = {
  S: user('zoe'),
  M: user('mia'),
  A: user('adam'),
  O: user('olga'),
  X: admin,
};

const modify =
  (userId: string, what: object): Ask =>
  (groups, groupId, as) =>
    groups.modifyMember({ groupId, userId, ...what }, as);

const kick =
  (userId: string): Ask =>
  (groups, groupId, as) =>
    groups.removeMembers({ groupId, userIds: [userId] }, as);

const ban =
  (userId: string): Ask =>
  (groups, groupId, as) =>
    groups.banMembers({ groupId, userIds: [userId], seconds: 60 }, as);

const ASKS: Readonly<Record<string, Ask>> = {
  readInfo: async (groups, groupId, as) => {
    const { groups: found } = await groups.getGroups({ groupIds: [groupId] }, as);
    if (found[0]!.code !== 0) throw { code: found[0]!.code };
  },
  readMembers: (groups, groupId, as) => groups.listMembers({ groupId }, as),
  modifyProfile: (groups, groupId, as) => groups.modifyGroup({ groupId, fields: { name: 'x' } }, as),
  // Of what a group may choose for itself, the one option that every type with choices has.
  modifyOptions: (groups, groupId, as) =>
    groups.modifyGroup({ groupId, fields: { inviteJoinOption: groupv1.JoinOption.DISABLED } }, as),
  muteAll: (groups, groupId, as) => groups.modifyGroup({ groupId, fields: { muteAll: true } }, as),
  destroy: (groups, groupId, as) => groups.destroyGroup({ groupId }, as),
  transfer: (groups, groupId, as) => groups.transferGroup({ groupId, newOwner: 'max' }, as),
  appointAdmin: modify('max', { role: groupv1.Role.ADMIN }),
  join: (groups, groupId, as) => groups.joinGroup({ groupId }, as),
  invite: async (groups, groupId, as) => {
    await groups.addMembers({ groupId, members: [{ userId: 'nina' }] }, as);
  },
  quit: (groups, groupId, as) => groups.quitGroup({ groupId }, as),
  kickMember: kick('max'),
  kickAdmin: kick('anna'),
  kickOwner: kick('olga'),
  muteMember: modify('max', { muteSeconds: 60 }),
  muteAdmin: modify('anna', { muteSeconds: 60 }),
  muteOwner: modify('olga', { muteSeconds: 60 }),
  banMember: ban('max'),
  banAdmin: ban('anna'),
  banOwner: ban('olga'),
  modifySelf: modify('', { nameCard: 'me' }),
  modifyMember: modify('max', { nameCard: 'him' }),
  readAttributes: (groups, groupId, as) => groups.getAttributes({ groupId }, as),
  changeAttributes: (groups, groupId, as) =>
    groups.changeAttributes(
      { groupId, mode: groupv1.AttributeMode.UPSERT, attributes: [{ key: 'k', value: 'v' }], mainSeq: 0n },
      as,
    ),
  readCounters: (groups, groupId, as) => groups.getCounters({ groupId }, as),
  changeCounters: (groups, groupId, as) =>
    groups.changeCounters(
      { groupId, mode: groupv1.CounterMode.INCREASE, counters: [{ key: 'k', value: 1n }], changeId: 'c' },
      as,
    ),
  readPins: (groups, groupId, as) => groups.listPins({ groupId }, as),
  changePins: async (groups, groupId, as) => {
    await groups.pinMessage({ groupId, msgSeq: 1n }, as);
    await groups.unpinMessage({ groupId, msgSeq: 1n }, as);
  },
  countOnline: (groups, groupId, as) => groups.countOnline({ groupId }, as),
  importMembers: (groups, groupId, as) =>
    groups.addMembers({ groupId, members: [{ userId: 'nina' }], isImport: true }, as),
};

describe('the matrix of rights', () => {
  let world: GroupWorld;
  beforeAll(async () => {
    world = await GroupWorld.open({ groupsPerDayMax: 0, joinedGroupsMax: 10_000 });
  });
  afterAll(() => world.close());

  const people = (type: string) =>
    type === 'AVChatRoom'
      ? {}
      : { admins: type === 'Private' ? [] : ['adam', 'anna'], members: ['mia', 'max'] };

  const answer = async ({ type, role, operation }: Cell): Promise<number> => {
    const groupId = await world.group(type, people(type));
    return codeOf(ASKS[operation]!(world.groups, groupId, ACTORS[role]));
  };

  it(`holds in all ${CELLS.length} cells`, async () => {
    const wrong: string[] = [];
    for (let at = 0; at < CELLS.length; at += 25) {
      const some = CELLS.slice(at, at + 25);
      const codes = await Promise.all(some.map(answer));
      some.forEach((cell, index) => {
        const { type, role, operation, code } = cell;
        if (codes[index] !== code) wrong.push(`${type} ${role} ${operation}: ${codes[index]}, not ${code}`);
      });
    }
    console.info(`matrix of rights: ${CELLS.length} cells`);
    expect(wrong).toEqual([]);
  }, 100_000);
});
