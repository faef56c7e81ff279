// Whole SDK objects in a group, against a whole server in virtual time: whatever is dropped, repeated, reordered, cut
// or refused, and whoever comes and goes, every member's device ends with every message, each once, in order.
import { ByeCode } from '@parley/wire';
import fc from 'fast-check';
import { TYPES } from './constants/types.js';
import { addFaults, removeFaults } from './testing/faults.js';
import { type Device, World } from './testing/world.js';

const TEAM = 'team';
const COMES_AND_GOES = 'carol';

/** One thing that happens: mostly somebody speaks. */
function turn(world: World, devices: readonly Device[], rate: number): void {
  const { random, server } = world;
  const device = devices[Math.floor(random() * devices.length)] as Device;
  const connections = [...server.connections];
  const victim = connections[Math.floor(random() * connections.length)];
  const dice = random();
  if (dice < rate / 4) victim?.cut();
  else if (dice < rate / 3) victim?.bye(ByeCode.SLOW_READER, 'slow', Math.floor(random() * 1_000));
  else if (dice < rate / 2) victim?.resync();
  else if (dice < rate * 0.6)
    void device.chat.setMessageRead({ conversationID: `GROUP${TEAM}` }).catch(() => undefined);
  else if (dice < rate) comeOrGo(world, device);
  else if (isIn(world, device.user)) device.sendToGroup(TEAM, `${device.user}-${device.sent.length}`);
}

/** By a call of his own, or by somebody else's. */
function comeOrGo(world: World, device: Device): void {
  const { groups } = world.server;
  const isMember = isIn(world, COMES_AND_GOES);
  if (device.user === COMES_AND_GOES) {
    const call = isMember ? device.chat.quitGroup(TEAM) : device.chat.joinGroup({ groupID: TEAM });
    void call.catch(() => undefined);
  } else if (isMember) groups.remove(TEAM, [COMES_AND_GOES], { operator: device.user });
  else groups.add(TEAM, [COMES_AND_GOES], { operator: device.user, joinType: 2 });
}

const isIn = ({ server }: World, user: string): boolean =>
  server.groups.groups.get(TEAM)?.members.has(user) === true;

async function checkDevice(world: World, device: Device): Promise<void> {
  const { model } = world.server;
  const asker = { user: device.user, peer: TEAM };
  const own = new Set(device.sent.map(({ message }) => message.ID));
  const seqOf = new Map(
    model.stored(device.user, TEAM).map(({ clientMessageId, seq }) => [clientMessageId, seq]),
  );
  const received = device.received.filter(({ to }) => to === TEAM).map(({ ID }) => seqOf.get(ID) ?? 0n);
  // Each once, in order.
  expect(received).toEqual([...new Set(received)].sort((a, b) => Number(a - b)));
  for (const { outcome } of device.sent) expect(outcome).not.toBe('open');
  const isMember = isIn(world, device.user);
  const { groupList } = (await device.chat.getGroupList()).data;
  expect(groupList.map(({ groupID }) => groupID)).toEqual(isMember ? [TEAM] : []);
  if (!isMember) return;
  // Everything that a member sees; whoever came in anew has it since then.
  const wanted = model.visible(asker).filter(({ clientMessageId }) => !own.has(clientMessageId));
  const firstVisible = wanted[0]?.seq ?? 0n;
  expect(received.filter((seq) => seq >= firstVisible)).toEqual(wanted.map(({ seq }) => seq));
}

async function unreadOn(device: Device): Promise<number | undefined> {
  const { conversationList } = (await device.chat.getConversationList([`GROUP${TEAM}`])).data;
  return conversationList[0]?.unreadCount;
}

async function simulate(seed: number, rate: number): Promise<void> {
  const world = new World(seed);
  const devices: Device[] = [];
  for (const user of ['alice', 'bob', COMES_AND_GOES, 'bob']) devices.push(await world.ready(user));
  const memberList = [{ userID: 'bob' }, { userID: COMES_AND_GOES }];
  const options = { name: TEAM, type: TYPES.GRP_PUBLIC, groupID: TEAM, memberList };
  await world.done((devices[0] as Device).chat.createGroup(options));
  addFaults(world, rate);
  for (let turns = 0; turns < 60; turns++) {
    turn(world, devices, rate);
    await world.clock.pass(Math.floor(world.random() * 200));
  }
  removeFaults(world);
  await world.clock.pass(10 * 60_000);
  for (const device of devices) {
    await checkDevice(world, device);
    const isMember = isIn(world, device.user);
    const counted = world.server.model.unreadOf({ user: device.user, peer: TEAM });
    expect(await unreadOn(device)).toBe(isMember ? counted : undefined);
  }
  for (const device of devices) {
    const done = device.chat.destroy();
    await world.clock.pass(5_000);
    await done;
  }
  expect(world.clock.pending).toBe(0);
}

describe('a group under faults', () => {
  it('ends whole on every device of every member', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(0.1, 0.3, 0.5), async (seed, rate) => {
        await simulate(seed, rate);
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});
