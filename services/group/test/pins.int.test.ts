// Pinned messages: who pins what, how many, and what connected members learn of it.
import { ErrorCode } from '@parley/kernel';
import { type FakeGateway, waitFor } from '@parley/testkit';
import { APP, admin, codeOf, GroupWorld, user } from './support/group-world.js';

describe('pinned messages', () => {
  let world: GroupWorld;
  let gateway: FakeGateway;
  let groupId: string;
  beforeEach(async () => {
    world = await GroupWorld.open();
    gateway = await world.test.startGateway();
    groupId = await world.group('Public', { admins: ['adam'], members: ['mia'] });
  });
  afterEach(() => world.close());

  const pin = (seq: number, as = admin, operator = '') =>
    world.groups.pinMessage({ groupId, msgSeq: BigInt(seq), operator }, as);
  const unpin = (seq: number, as = admin) => world.groups.unpinMessage({ groupId, msgSeq: BigInt(seq) }, as);
  const pins = async () => {
    const { pins: found } = await world.groups.listPins({ groupId }, user('mia'));
    return found.map(({ msgSeq, pinner }) => [Number(msgSeq), pinner]);
  };

  it('are listed in the order of their pinning, with who pinned them', async () => {
    await pin(7, user('olga'));
    await pin(3, user('adam'));
    await pin(5, admin, 'mia');
    await pin(9);
    expect(await pins()).toEqual([
      [7, 'olga'],
      [3, 'adam'],
      [5, 'mia'],
      [9, ''],
    ]);
    await unpin(3, user('olga'));
    await unpin(3, user('olga'));
    expect(await pins()).toEqual([
      [7, 'olga'],
      [5, 'mia'],
      [9, ''],
    ]);
    expect(await codeOf(pin(4, admin, 'x'.repeat(33)))).toBe(ErrorCode.GROUP_BAD_PARAMETER);
  });

  it('are messages that the group has', async () => {
    world.messages.headSeq = 8n;
    for (const seq of [0, 9, 0x1_0000_0000]) {
      expect(await codeOf(pin(seq))).toBe(ErrorCode.GROUP_BAD_PARAMETER);
    }
    world.messages.headSeq = 0n;
    expect(await codeOf(pin(1))).toBe(ErrorCode.GROUP_BAD_PARAMETER);
    expect(await pins()).toEqual([]);
    // Pins may outlive their message.
    world.messages.headSeq = 1n;
    await pin(1);
    world.messages.headSeq = 0n;
    await unpin(1);
    expect(await pins()).toEqual([]);
  });

  it('are at most ten, also when many come at once', async () => {
    const codes = await Promise.all(Array.from({ length: 12 }, (_, at) => codeOf(pin(at + 1))));
    expect(codes.filter((code) => code === 0)).toHaveLength(10);
    expect(codes.filter((code) => code === ErrorCode.GROUP_PINS_TOO_MANY)).toHaveLength(2);
    expect(await pins()).toHaveLength(10);
  });

  it('are pinned once: users are told so, retries and back ends are not', async () => {
    await pin(2, user('olga'));
    expect(await codeOf(pin(2, user('olga')))).toBe(ErrorCode.GROUP_ALREADY_PINNED);
    expect(await codeOf(pin(2, user('adam', 1)))).toBe(ErrorCode.GROUP_ALREADY_PINNED);
    expect(await codeOf(pin(2, user('olga', 1)))).toBe(0);
    expect(await codeOf(pin(2))).toBe(0);
    expect(await pins()).toEqual([[2, 'olga']]);
  });

  it('end with their group', async () => {
    const again = { groupId: 'again', ...{ type: 'Public', owner: 'olga' } };
    groupId = await world.group('Public', { members: ['mia'] }, again);
    await pin(2);
    await world.groups.destroyGroup({ groupId }, admin);
    expect(await codeOf(pin(2))).toBe(ErrorCode.GROUP_NOT_FOUND);
    await world.group('Public', { members: ['mia'] }, again);
    expect(await pins()).toEqual([]);
  });

  it('are told to whoever is connected, as an event and not as a tip', async () => {
    const { connectionId } = await gateway.connect(APP, 'mia');
    groupId = await world.group('Meeting', { members: ['mia'] });
    await waitFor(() => gateway.roomsOf(connectionId).includes(groupId));
    await pin(2, user('olga'));
    await unpin(2);
    await unpin(2);
    const events = () =>
      gateway
        .pushesTo(connectionId)
        .flatMap(({ event }) =>
          event.case === 'group' && event.value.event.case === 'pinsChanged' ? [event.value.event.value] : [],
        );
    await waitFor(() => events().length === 2);
    expect(events()).toMatchObject([
      { msgSeq: 2n, pinned: true, operator: 'olga' },
      { msgSeq: 2n, pinned: false, operator: '' },
    ]);
    expect(world.messages.tips(groupId)).toEqual([]);
  });
});
