import type { ConnectionId } from '@parley/kernel';
import type { ClientSocket } from './client-socket.js';
import { Connection } from './connection.js';
import { Outbox, WRITES_PER_TURN_MAX } from './outbox.js';

class RecordingSocket implements ClientSocket {
  readonly writes: Uint8Array[] = [];
  waitingBytes = 0;
  readonly isOpen = true;
  writeFrames(frames: Uint8Array): void {
    this.writes.push(frames);
  }
  endWith(): void {}
  terminate(): void {}
}

const connect = (name: string): [Connection, RecordingSocket] => {
  const socket = new RecordingSocket();
  return [new Connection(name as ConnectionId, socket, 0), socket];
};
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an outbox', () => {
  it('writes what one turn owes to a connection in one piece and in order', async () => {
    const outbox = new Outbox(1_000);
    const [connection, socket] = connect('a');
    for (const frame of [bytes(1, 2), bytes(3), bytes(4, 5)]) outbox.enqueue(connection, frame);
    expect(socket.writes).toHaveLength(0);
    await endOfTurn();
    expect(socket.writes.map((write) => [...write])).toEqual([[1, 2, 3, 4, 5]]);
  });

  it('writes a single frame without a copy', async () => {
    const outbox = new Outbox(1_000);
    const [connection, socket] = connect('a');
    const frame = bytes(1, 2);
    outbox.enqueue(connection, frame);
    await endOfTurn();
    expect(socket.writes[0]).toBe(frame);
  });

  it('joins the same frames once for all who owe them', async () => {
    const outbox = new Outbox(1_000);
    const all = ['a', 'b', 'c'].map(connect);
    const other = connect('d');
    const frames = [bytes(1), bytes(2)];
    for (const frame of frames) for (const [connection] of all) outbox.enqueue(connection, frame);
    for (const frame of [bytes(9), bytes(2)]) outbox.enqueue(other[0], frame);
    await endOfTurn();
    const joined = all.map(([, socket]) => socket.writes[0]);
    expect(joined[1]).toBe(joined[0]);
    expect(joined[2]).toBe(joined[0]);
    expect([...(other[1].writes[0] as Uint8Array)]).toEqual([9, 2]);
  });

  it('refuses what exceeds the bound, counting what the socket still holds', async () => {
    const outbox = new Outbox(10);
    const [connection, socket] = connect('a');
    socket.waitingBytes = 4;
    expect(outbox.enqueue(connection, new Uint8Array(6))).toBe(true);
    expect(outbox.enqueue(connection, new Uint8Array(1))).toBe(false);
    await endOfTurn();
    expect(socket.writes[0]).toHaveLength(6);
    expect(outbox.roomFor(connection)).toBe(6);
  });

  it('finishes a connection at once, behind what it owes, and not twice', async () => {
    const outbox = new Outbox(10);
    const [connection, socket] = connect('a');
    outbox.enqueue(connection, bytes(1));
    outbox.finish(connection, bytes(2));
    expect(socket.writes.map((write) => [...write])).toEqual([[1, 2]]);
    await endOfTurn();
    expect(socket.writes).toHaveLength(1);
  });

  it('forgets what was discarded', async () => {
    const outbox = new Outbox(10);
    const [connection, socket] = connect('a');
    outbox.enqueue(connection, bytes(1));
    outbox.discard(connection);
    await endOfTurn();
    expect(socket.writes).toHaveLength(0);
  });

  it('writes to so many connections in one turn, and to the others in the next ones', async () => {
    const outbox = new Outbox(1_000);
    const crowd = Array.from({ length: 3 * WRITES_PER_TURN_MAX + 5 }, (_, at) => connect(`c${at}`));
    const written = (): number => crowd.filter(([, socket]) => socket.writes.length > 0).length;
    for (const [connection] of crowd) outbox.enqueue(connection, bytes(1));
    const progress: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      await endOfTurn();
      progress.push(written());
    }
    const max = WRITES_PER_TURN_MAX;
    expect(progress).toEqual([max, 2 * max, 3 * max, crowd.length, crowd.length]);
  });

  it('keeps the order per connection while a crowd is being written to, and lets others in between', async () => {
    const outbox = new Outbox(1_000);
    const crowd = Array.from({ length: 4 * WRITES_PER_TURN_MAX }, (_, at) => connect(`c${at}`));
    const toAll = (value: number): void => {
      for (const [connection] of crowd) outbox.enqueue(connection, bytes(value));
    };
    for (let value = 1; value <= 6; value++) {
      toAll(value);
      await endOfTurn();
    }
    for (let turn = 0; turn < 20; turn++) await endOfTurn();
    for (const [, socket] of crowd) expect(Buffer.concat(socket.writes)).toEqual(Buffer.of(1, 2, 3, 4, 5, 6));
    // Those who waited got several pushes in one write.
    const writes = crowd.reduce((sum, [, socket]) => sum + socket.writes.length, 0);
    expect(writes).toBeLessThan(3 * crowd.length);
  });

  it('has no end under constant load, and forgets whom it has written to', async () => {
    const outbox = new Outbox(1_000_000);
    const crowd = Array.from({ length: 2 * WRITES_PER_TURN_MAX }, (_, at) => connect(`c${at}`));
    for (let turn = 0; turn < 200; turn++) {
      for (const [connection] of crowd) outbox.enqueue(connection, bytes(turn));
      await endOfTurn();
    }
    for (let turn = 0; turn < 4; turn++) await endOfTurn();
    const expected = Buffer.from(Array.from({ length: 200 }, (_, turn) => turn));
    for (const [, socket] of crowd) expect(Buffer.concat(socket.writes)).toEqual(expected);
  });
});
