import type { ConnectionId } from '@parley/kernel';
import type { ClientSocket } from '../connections/client-socket.js';
import { Connection } from '../connections/connection.js';
import { Outbox } from '../connections/outbox.js';
import { BacklogWatch } from './watch-backlog.js';

const MIB = 1_048_576;

/** A peer that reads when it is told to. */
class StalledSocket implements ClientSocket {
  waitingBytes = 0;
  isOpen = true;
  writeFrames(frames: Uint8Array): void {
    this.waitingBytes += frames.length;
  }
  endWith(): void {}
  terminate(): void {
    this.isOpen = false;
    this.waitingBytes = 0;
  }
}

describe('the backlog of a node', () => {
  const outbox = new Outbox(100 * MIB);
  const ended: string[] = [];
  const closer = { end: (connection: Connection) => void ended.push(connection.id) };
  const watch = new BacklogWatch({ outbox, closer, bytesMax: 10 * MIB });
  const connect = (name: string): [Connection, StalledSocket] => {
    const socket = new StalledSocket();
    return [new Connection(name as ConnectionId, socket, 0), socket];
  };
  const owe = (connection: Connection, bytes: number): void => {
    outbox.enqueue(connection, new Uint8Array(bytes));
    outbox.flushAll();
  };

  it('is left alone within its bound, then loses the slowest until it fits', () => {
    const [small, smallSocket] = connect('small');
    const [large, largeSocket] = connect('large');
    const [middle, middleSocket] = connect('middle');
    owe(small, 2 * MIB);
    owe(large, 5 * MIB);
    watch.tick();
    expect(ended).toEqual([]);
    owe(middle, 4 * MIB);
    watch.tick();
    expect(ended).toEqual(['large']);
    expect([smallSocket.isOpen, largeSocket.isOpen, middleSocket.isOpen]).toEqual([true, false, true]);
  });

  it('forgets who caught up', () => {
    const [connection, socket] = connect('late');
    owe(connection, MIB);
    expect(outbox.backlogged.has(connection)).toBe(true);
    socket.waitingBytes = 0;
    watch.tick();
    expect(outbox.backlogged.has(connection)).toBe(false);
  });
});
