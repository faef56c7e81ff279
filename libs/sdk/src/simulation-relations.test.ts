// Whole SDK objects against a whole server in virtual time: whatever is dropped, repeated, held back, cut or refused while
// users add, block and group each other, every device ends with the lists that it would fetch.
import { ByeCode } from '@parley/wire';
import fc from 'fast-check';
import { TYPES } from './constants/types.js';
import type { ChatSDK } from './model/chat-sdk.js';
import { addFaults, removeFaults } from './testing/faults.js';
import { type Device, World } from './testing/world.js';

const USERS = ['alice', 'bob', 'carol', 'dave'];
const GROUPS = ['work', 'home', 'club'];
const TURNS = 80;
const READS: ReadonlySet<string> = new Set([
  ...['listFriends', 'listFriendGroups', 'listBlocklist', 'listFriendApplications', 'getProfiles'],
]);

function act(world: World, { chat, user }: Device): Promise<unknown> {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(world.random() * from.length)] as T;
  const other = pick(USERS.filter((one) => one !== user));
  const userIDList = [other];
  const [name, newName] = [pick(GROUPS), pick(GROUPS)];
  const acts: (() => Promise<unknown>)[] = [
    () => chat.addFriend({ to: other, source: 'AddSource_Type_Web', remark: name, groupName: name }),
    () => chat.addFriend({ to: other, source: 'AddSource_Type_Web', type: TYPES.SNS_ADD_TYPE_SINGLE }),
    () => chat.acceptFriendApplication({ userID: other, type: TYPES.SNS_APPLICATION_AGREE_AND_ADD }),
    () => chat.refuseFriendApplication({ userID: other }),
    () => chat.deleteFriendApplication({ userID: other, type: TYPES.SNS_APPLICATION_SENT_BY_ME }),
    () => chat.setFriendApplicationRead(),
    () => chat.deleteFriend({ userIDList }),
    () => chat.updateFriend({ userID: other, remark: `${name}-${newName}` }),
    () => chat.createFriendGroup({ name, userIDList }),
    () => chat.addToFriendGroup({ name, userIDList }),
    () => chat.renameFriendGroup({ oldName: name, newName }),
    () => chat.deleteFriendGroup({ name }),
    () => chat.addToBlacklist({ userIDList }),
    () => chat.removeFromBlacklist({ userIDList }),
    () => chat.updateMyProfile({ nick: `${user}-${name}` }),
  ];
  return pick(acts)();
}

function disturb({ random, server }: World, rate: number): void {
  const connections = [...server.connections];
  const victim = connections[Math.floor(random() * connections.length)];
  const dice = random();
  if (dice < rate / 3) victim?.cut();
  else if (dice < rate / 2) victim?.bye(ByeCode.SLOW_READER, 'slow', Math.floor(random() * 1_000));
  else if (dice < rate) victim?.resync();
}

const listsOf = async (world: World, chat: ChatSDK) => ({
  friends: await world.done(chat.getFriendList()),
  groups: await world.done(chat.getFriendGroupList()),
  applications: await world.done(chat.getFriendApplicationList()),
  blocked: await world.done(chat.getBlacklist()),
});

async function simulate(seed: number, rate: number): Promise<void> {
  const world = new World(seed);
  for (const user of USERS.slice(1)) world.server.relations.allowTypes.set(user, 'confirm');
  world.server.profiles.watchers.push(...USERS);
  const devices: Device[] = [];
  for (const user of ['alice', 'alice', 'bob', 'carol']) {
    const device = await world.ready(user);
    await listsOf(world, device.chat);
    devices.push(device);
  }
  addFaults(world, rate, true);
  for (let turns = 0; turns < TURNS; turns++) {
    const device = devices[Math.floor(world.random() * devices.length)] as Device;
    void act(world, device).catch(() => undefined);
    disturb(world, rate);
    await world.clock.pass(Math.floor(world.random() * 300));
  }
  removeFaults(world);
  for (const connection of world.server.connections) connection.cut();
  await world.clock.pass(10 * 60_000);
  for (const device of devices) {
    const asked = world.server.calls.length;
    const held = await listsOf(world, device.chat);
    // What is held is held: nothing was asked for.
    expect(world.server.calls.slice(asked).filter(({ method }) => READS.has(method))).toEqual([]);
    expect(held).toEqual(await listsOf(world, (await world.ready(device.user)).chat));
    expect(held.friends.map(({ userID }) => userID)).toEqual(
      world.server.relations
        .of(device.user)
        .allFriends()
        .map(({ userId }) => userId),
    );
  }
}

describe('relations under faults', () => {
  it('end on every device as a fresh one reads them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(0.1, 0.3, 0.5), async (seed, rate) => {
        await simulate(seed, rate);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
