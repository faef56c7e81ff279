// Whole SDK objects against a whole server in virtual time: whatever is dropped,
// repeated, reordered, cut or refused, every device ends with every message, each once,
// in order, and sends keep their order.

import { messagev1 } from '@parley/proto';
import { ByeCode } from '@parley/wire';
import fc from 'fast-check';
import type { Message } from './model/message.js';
import { addFaults, removeFaults } from './testing/faults.js';
import { type Device, World } from './testing/world.js';

/** One thing that happens: mostly somebody speaks. */
function turn(world: World, devices: readonly Device[], rate: number): void {
  const { random, server } = world;
  const device = devices[Math.floor(random() * devices.length)] as Device;
  const peer = device.user === 'alice' ? 'bob' : 'alice';
  const connections = [...server.connections];
  const victim = connections[Math.floor(random() * connections.length)];
  const dice = random();
  if (dice < rate / 4) victim?.cut();
  else if (dice < rate / 3) victim?.bye(ByeCode.SLOW_READER, 'slow', Math.floor(random() * 1_000));
  else if (dice < rate / 2) victim?.resync();
  else if (dice < rate * 0.6) victim?.move(Math.floor(random() * 500), []);
  else if (dice < rate * 0.7)
    void device.chat.setMessageRead({ conversationID: `C2C${peer}` }).catch(() => undefined);
  else if (dice < rate * 0.85) changeMessage(world, device);
  else if (dice < rate) slowBackEnd(world, device.user, peer);
  else device.sendText(peer, `${device.sent.length}`);
}

/** Recalls or edits one of the last messages that the device knows, its own or the peer's. */
function changeMessage({ random }: World, { chat, sent, received }: Device): void {
  const recent = [...sent.map(({ message }) => message).slice(-5), ...received.slice(-5)];
  const message = recent[Math.floor(random() * recent.length)];
  if (message === undefined || message.status !== 'success') return;
  if (random() < 0.4) {
    void chat.revokeMessage(message).catch(() => undefined);
    return;
  }
  message.payload.text = `edited ${Math.floor(random() * 1_000)}`;
  void chat.modifyMessage(message).catch(() => undefined);
}

/** A number that gets its message late, or never. */
function slowBackEnd({ server, clock, random }: World, from: string, to: string): void {
  const reservation = server.model.reserve(from, to);
  clock.setTimer(
    () => {
      if (random() < 0.5) reservation.abandon();
      else server.pushMessage(reservation.append('late'));
    },
    1 + Math.floor(random() * 3_000),
  );
}

const RECALLED = '-';

const textOf = (message: messagev1.Message): string =>
  (message.flags & messagev1.MessageFlag.RECALLED) === 0
    ? JSON.parse(new TextDecoder().decode(message.body))[0].MsgContent.Text
    : RECALLED;

const shownText = ({ isRevoked, payload }: Message): string => (isRevoked ? RECALLED : payload.text);

function checkDevice(world: World, device: Device): void {
  const peer = device.user === 'alice' ? 'bob' : 'alice';
  const stored = world.server.model.stored('alice', 'bob');
  const own = new Set(device.sent.map(({ message }) => message.ID));
  // Every message once, in order; those that this device sent are its own already.
  const wanted = stored.filter(({ clientMessageId }) => !own.has(clientMessageId)).map(textOf);
  expect(device.received.map(shownText)).toEqual(wanted);
  const seqOf = new Map(stored.map(({ clientMessageId, seq }) => [clientMessageId, seq]));
  for (const { message, outcome } of device.sent) {
    expect(outcome).not.toBe('open');
    if (outcome !== 'stored') continue;
    expect(seqOf.has(message.ID)).toBe(true);
    const now = stored.find(({ clientMessageId }) => clientMessageId === message.ID);
    expect([message.ID, shownText(message)]).toEqual([message.ID, now && textOf(now)]);
  }
  // What was stored of one device's sends lies in the order of its sends.
  const seqs = device.sent.flatMap(({ message, outcome }) =>
    outcome === 'stored' ? [seqOf.get(message.ID)] : [],
  );
  expect(seqs).toEqual([...seqs].sort((a, b) => Number(a) - Number(b)));
  expect(device.chat.getTotalUnreadMessageCount()).toBe(
    world.server.model.unreadOf({ user: device.user, peer }),
  );
}

async function simulate(seed: number, rate: number): Promise<World> {
  const world = new World(seed);
  const devices = [await world.ready('alice'), await world.ready('alice'), await world.ready('bob')];
  addFaults(world, rate, true);
  for (let turns = 0; turns < 60; turns++) {
    turn(world, devices, rate);
    await world.clock.pass(Math.floor(world.random() * 200));
  }
  removeFaults(world);
  // Longer than the check of the heads that finds a lost last message.
  await world.clock.pass(10 * 60_000);
  for (const device of devices) checkDevice(world, device);
  for (const device of devices) await logout(world, device);
  return world;
}

async function logout(world: World, device: Device): Promise<void> {
  const done = device.chat.destroy();
  await world.clock.pass(5_000);
  await done;
}

describe('a conversation under faults', () => {
  it('ends whole on every device', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(0.1, 0.3, 0.5), async (seed, rate) => {
        await simulate(seed, rate);
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  it('leaves no timer behind', async () => {
    const world = await simulate(7, 0.3);
    await world.clock.pass(60_000);
    expect(world.clock.pending).toBe(0);
  });
});
