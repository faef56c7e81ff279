// Pinned messages of groups: every field and refusal.
import { ErrorCode } from '@parley/kernel';
import { groupRefusal, OK, refusing, SVC } from './group-rows.js';
import { type RefusalRow, World } from './harness.js';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
  world.groups.pinMessage = async () => ({});
  world.groups.unpinMessage = async () => ({});
});
afterEach(() => world.stop());

const request = { GroupId: 'g1', MsgSeq: 4_294_967_295 };

describe.each([
  ['pin_message', 'PinMessage', 'Pinner_Account'],
  ['unpin_message', 'UnpinMessage', 'UnPinner_Account'],
])('%s', (command, method, operator) => {
  it('names the message, and who did it', async () => {
    expect((await world.call(`${SVC}/${command}`, request)).body).toEqual(OK);
    await world.call(`${SVC}/${command}`, { ...request, TopicId: '', [operator]: 'alice' });
    await world.call(`${SVC}/${command}`, { ...request, TopicId: 'g1@TOPIC#_t1' });
    const msgSeq = 4_294_967_295n;
    expect(world.callsOf(method).map((call) => call.request)).toEqual([
      { groupId: 'g1', msgSeq, operator: '' },
      { groupId: 'g1', msgSeq, operator: 'alice' },
      { groupId: 'g1@TOPIC#_t1', msgSeq, operator: '' },
    ]);
  });

  it.each<RefusalRow>([
    ['no GroupId', { GroupId: undefined }, 10004],
    ['no MsgSeq', { MsgSeq: undefined }, 10004],
    ['a MsgSeq of 0', { MsgSeq: 0 }, 10004],
    ['a MsgSeq above 32 bits', { MsgSeq: 4_294_967_296 }, 10004],
    ['a MsgSeq that is a string', { MsgSeq: '1' }, 10004],
    ['an account that is no UserID', { [operator]: 'x'.repeat(33) }, 10004],
    ['a topic of another group', { TopicId: 'g2@TOPIC#_t1' }, 10015],
  ])('refuses %s', (_what, change, code) =>
    groupRefusal(world, `${SVC}/${command}`, { ...request, ...(change as object) }, code),
  );
});

it.each([ErrorCode.GROUP_NO_PERMISSION, ErrorCode.GROUP_NOT_FOUND, ErrorCode.GROUP_PINS_TOO_MANY])(
  'pin_message answers %d as the service says it',
  async (code) => {
    world.groups.pinMessage = refusing(code, 'says the service');
    await groupRefusal(world, `${SVC}/pin_message`, request, code);
  },
);

describe('get_pinned_messages', () => {
  it('lists them', async () => {
    world.groups.listPins = async () => ({
      pins: [{ msgSeq: 7n, pinner: 'alice', timeMs: 1n }, { msgSeq: 2n }],
    });
    expect((await world.call(`${SVC}/get_pinned_messages`, { GroupId: 'g1' })).body).toEqual({
      ...OK,
      PinnedMsgList: [
        { MsgSeq: 7, Pinner_Account: 'alice' },
        { MsgSeq: 2, Pinner_Account: '' },
      ],
    });
    expect(world.callsOf('ListPins')[0]?.request).toEqual({ groupId: 'g1' });
    const topic = { GroupId: 'g1', TopicId: 'g1@TOPIC#_t1' };
    await world.call(`${SVC}/get_pinned_messages`, topic);
    expect(world.callsOf('ListPins')[1]?.request).toEqual({ groupId: 'g1@TOPIC#_t1' });
    await groupRefusal(world, `${SVC}/get_pinned_messages`, {}, 10004);
  });
});
