// A reader for whom ten thousand messages of a room wait: what it costs is bounded, and nobody else notices.
import type { UserId } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { APP, type Harness, roomOf, startGateway } from './harness.js';
import { pushOf, type TestClient } from './test-client.js';

const MESSAGES = 10_000;
/** Together more than the buffers of two sockets take: 37 MB where this was written. */
const MESSAGE_BYTES = 6 * 1_024;
/** Less than the bound: readers who keep pace are never behind. */
const BLOCK = 50;
/** The default of the setting. */
const OUTGOING_BYTES_MAX = 1_024 * 1_024;
/** What a reader is told when it is dropped. */
const BYE_BYTES_MAX = 128;
const ROOM = roomOf('lobby');

let harness: Harness;
afterEach(async () => {
  await harness.stop();
  harness.log.assertNoErrors();
});

const backlogBytes = (): number =>
  harness.metrics.gauges.get('parley.gateway.backlog_bytes')?.() ?? Number.NaN;
const pushesOf = ({ frames }: TestClient): number =>
  frames.reduce((sum, frame) => sum + (frame.kind === 'push' ? frame.pushes.length : 0), 0);

it('costs no more than its bound while 10,000 messages come, and the others get all of them', async () => {
  harness = await startGateway();
  const names = ['slow', 'a', 'b'];
  const [slow, ...others] = (await Promise.all(names.map((name) => harness.login(name)))) as [
    TestClient,
    ...TestClient[],
  ];
  await harness.delivery.changeRooms(
    { appId: APP, userIds: names as UserId[] },
    { enter: [ROOM.groupId], leave: [] },
  );
  slow.socket.pause();
  const texts: string[] = [];
  let mostBytes = 0;
  for (let sent = 0; sent < MESSAGES; ) {
    for (const end = sent + BLOCK; sent < end; sent += 1) {
      texts.push(`push-${sent}`);
      await harness.delivery.pushToRoom(ROOM, pushOf(`push-${sent}`, MESSAGE_BYTES));
      mostBytes = Math.max(mostBytes, backlogBytes());
    }
    for (const other of others) await waitFor(() => pushesOf(other) === sent);
    mostBytes = Math.max(mostBytes, backlogBytes());
  }
  expect(harness.ended('slow_reader')).toBe(1);
  // It was worth something: close to the bound is what was waiting for the reader when it was dropped.
  expect(mostBytes).toBeGreaterThan(OUTGOING_BYTES_MAX / 2);
  expect(mostBytes).toBeLessThanOrEqual(OUTGOING_BYTES_MAX + BYE_BYTES_MAX);
  for (const other of others) expect(other.pushedTexts()).toEqual(texts);
  slow.socket.resume();
  await slow.closed;
  await waitFor(() => backlogBytes() === 0);
}, 60_000);
