// Visitors of live groups: the list of them, their marks, and robots.
import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { FakeGateway } from '@parley/testkit';
import { admin, codeOf, GroupWorld, user } from './support/group-world.js';

const {
  GROUP_NO_PERMISSION: refused,
  GROUP_BAD_PARAMETER: bad,
  GROUP_TOO_MANY_ACCOUNTS: tooMany,
} = ErrorCode;
const ROBOT = 500;
const HIDDEN = 600;

let world: GroupWorld;
let gateway: FakeGateway;
beforeEach(async () => {
  world = await GroupWorld.open();
  gateway = await world.test.startGateway();
});
afterEach(() => world.close());

const enter = async (groupId: string, ...names: string[]): Promise<void> => {
  for (const name of names) {
    world.clock.advance(1_000);
    await gateway.connect(admin.appId, name);
    await world.groups.joinGroup({ groupId }, user(name));
  }
};
const list = (groupId: string, mark = 0, as = admin) => world.groups.listVisitors({ groupId, mark }, as);
const names = async (groupId: string, mark = 0, as = admin) =>
  (await list(groupId, mark, as)).visitors.map(({ userId }) => userId);
const mark = async (groupId: string, userIds: string[], marks: number[], as = admin, set = true) =>
  (await world.groups.markVisitors({ groupId, userIds, marks, set }, as)).userIds;
const count = async (groupId: string) => (await world.groups.countOnline({ groupId }, admin)).count;

describe('the visitors of a live group', () => {
  it('are listed, the newest first, for those who are there', async () => {
    const groupId = await world.group('AVChatRoom');
    await enter(groupId, 'mia', 'max', 'olga');
    const { visitors, nextBeforeMs } = await list(groupId, 0, user('mia'));
    expect(visitors.map(({ userId, role }) => [userId, role])).toEqual([
      ['olga', groupv1.Role.OWNER],
      ['max', groupv1.Role.MEMBER],
      ['mia', groupv1.Role.MEMBER],
    ]);
    expect(nextBeforeMs).toBe(0n);
    expect(Number(visitors[0]?.sinceMs) - Number(visitors[2]?.sinceMs)).toBe(2_000);
    await world.groups.quitGroup({ groupId }, user('max'));
    expect(await names(groupId)).toEqual(['olga', 'mia']);
    expect(await codeOf(list(groupId, 0, user('max')))).toBe(refused);
    expect(await codeOf(list(await world.group('Public')))).toBe(refused);
  });

  it('come in pages that lose nobody who came at the same moment', async () => {
    const groupId = await world.group('AVChatRoom');
    await enter(groupId, 'ada');
    for (const name of ['ben', 'cat']) {
      await gateway.connect(admin.appId, name);
      await world.groups.joinGroup({ groupId }, user(name));
    }
    await enter(groupId, 'dan', 'eva');
    const seen: string[][] = [];
    let beforeMs = 0n;
    do {
      const page = await world.groups.listVisitors({ groupId, beforeMs, limit: 3 }, admin);
      seen.push(page.visitors.map(({ userId }) => userId));
      beforeMs = page.nextBeforeMs;
    } while (beforeMs !== 0n);
    expect(seen).toEqual([
      ['eva', 'dan'],
      ['ada', 'ben', 'cat'],
    ]);
  });
});

describe('marks of visitors', () => {
  it('are given to those who are there, by the owner and back ends', async () => {
    const groupId = await world.group('AVChatRoom');
    await enter(groupId, 'mia', 'max');
    expect(await mark(groupId, ['mia', 'moe'], [1_000, 1_001], user('olga'))).toEqual(['mia']);
    expect(await mark(groupId, ['max'], [1_001])).toEqual(['max']);
    expect([await names(groupId, 1_000), await names(groupId, 1_001)]).toEqual([['mia'], ['max', 'mia']]);
    expect((await list(groupId)).visitors.map(({ marks }) => marks)).toEqual([[1_001], [1_000, 1_001]]);
    await mark(groupId, ['mia', 'max'], [1_001], admin, false);
    expect([await names(groupId, 1_000), await names(groupId, 1_001)]).toEqual([['mia'], []]);
    expect(await codeOf(mark(groupId, ['mia'], [1_000], user('max')))).toBe(refused);
    expect(await codeOf(mark(groupId, ['moe'], [1_000]))).toBe(bad);
    expect(await codeOf(mark(groupId, ['mia'], [999]))).toBe(bad);
    expect(await codeOf(mark(groupId, ['mia'], [ROBOT], user('olga')))).toBe(bad);
    expect(await codeOf(mark(await world.group('Public'), ['mia'], [1_000]))).toBe(refused);
  });

  it('end when their visitor leaves, or comes back after having been away', async () => {
    const groupId = await world.group('AVChatRoom');
    await enter(groupId, 'mia', 'max', 'moe');
    await mark(groupId, ['mia', 'max', 'moe'], [1_000]);
    await enter(groupId, 'moe'); // with a second device
    await world.groups.quitGroup({ groupId }, user('mia'));
    const { connectionId } = (
      await world.test.platform.sessions.sessionsOf(admin.appId, user('max').userId)
    )[0] as {
      connectionId: Parameters<FakeGateway['lose']>[0];
    };
    gateway.lose(connectionId);
    expect(await names(groupId, 1_000)).toEqual(['moe']);
    await enter(groupId, 'mia', 'max');
    expect(await names(groupId, 1_000)).toEqual(['moe']);
    expect(await names(groupId)).toEqual(['max', 'mia', 'moe']);
  });

  it('are ten of a group, and a thousand visitors of one', async () => {
    const groupId = await world.group('AVChatRoom');
    await enter(groupId, 'mia', 'max');
    const ten = Array.from({ length: 10 }, (_, at) => 1_000 + at);
    await mark(groupId, ['mia'], ten);
    expect(await codeOf(mark(groupId, ['max'], [1_010]))).toBe(bad);
    expect(await codeOf(mark(groupId, ['max'], [...ten, 1_010]))).toBe(bad);
    expect(await mark(groupId, ['max'], [1_009, HIDDEN])).toEqual(['max']);
    const crowd = Array.from({ length: 501 }, (_, at) => `u${at}`);
    expect(await codeOf(mark(groupId, crowd, [1_000]))).toBe(tooMany);
  });

  it('hide somebody from the list', async () => {
    const groupId = await world.group('AVChatRoom');
    await enter(groupId, 'mia', 'max');
    await mark(groupId, ['max'], [HIDDEN]);
    expect([await names(groupId), await names(groupId, HIDDEN)]).toEqual([['mia'], ['max']]);
    expect(await codeOf(list(groupId, HIDDEN, user('mia')))).toBe(refused);
  });
});

describe('robots', () => {
  it('are there without being connected, until they are removed', async () => {
    const groupId = await world.group('AVChatRoom');
    await enter(groupId, 'mia');
    world.clock.advance(1_000);
    expect(await mark(groupId, ['robby', 'mia'], [ROBOT])).toEqual(['robby', 'mia']);
    const check = async () =>
      (await world.groups.checkVisitors({ groupId, userIds: ['mia', 'max', 'robby'] }, admin)).userIds;
    expect([await check(), await names(groupId), await count(groupId)]).toEqual([
      ['mia', 'robby'],
      ['robby', 'mia'],
      2,
    ]);
    expect(await mark(groupId, ['robby'], [1_000])).toEqual(['robby']);
    expect(await names(groupId, 1_000)).toEqual(['robby']);
    await mark(groupId, ['robby', 'mia'], [ROBOT], admin, false);
    world.clock.advance(1_000);
    expect([await check(), await names(groupId), await count(groupId)]).toEqual([['mia'], ['mia'], 1]);
    expect(await codeOf(mark(groupId, ['nobody'], [ROBOT]))).toBe(bad);
  });
});
