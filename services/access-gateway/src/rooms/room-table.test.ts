import type { AppId, ConnectionId } from '@parley/kernel';
import { seededRandom } from '@parley/testkit';
import type { ClientSocket } from '../connections/client-socket.js';
import { Connection } from '../connections/connection.js';
import { RoomTable } from './room-table.js';

const SOCKET: ClientSocket = {
  waitingBytes: 0,
  isOpen: true,
  writeFrames() {},
  endWith() {},
  terminate() {},
};

const connect = (name: string, appId = 1): Connection => {
  const connection = new Connection(name as ConnectionId, SOCKET, 0);
  connection.appId = appId as AppId;
  return connection;
};
const ids = (table: RoomTable, groupId: string, appId = 1): string[] =>
  table
    .membersOf(appId, groupId)
    .map((connection) => connection.id)
    .sort();

describe('a table of rooms', () => {
  it('knows who is in which room, and counts', () => {
    const table = new RoomTable();
    const [a, b] = [connect('a'), connect('b')];
    for (const connection of [a, b]) table.enter(connection, 'lobby');
    table.enter(a, 'cellar');
    table.enter(a, 'cellar');
    expect([ids(table, 'lobby'), ids(table, 'cellar'), ids(table, 'attic')]).toEqual([['a', 'b'], ['a'], []]);
    expect([table.size, table.memberships]).toEqual([2, 3]);
    table.leave(a, 'lobby');
    table.leave(b, 'cellar');
    table.leave(b, 'never');
    expect([ids(table, 'lobby'), ids(table, 'cellar')]).toEqual([['b'], ['a']]);
    expect(table.memberships).toBe(2);
  });

  it('keeps apps apart, and their groups with colons too', () => {
    const table = new RoomTable();
    table.enter(connect('a', 1), '2:lobby');
    table.enter(connect('b', 12), 'lobby');
    expect([ids(table, '2:lobby', 1), ids(table, 'lobby', 12)]).toEqual([['a'], ['b']]);
    expect([ids(table, 'lobby', 1), ids(table, '2:lobby', 12)]).toEqual([[], []]);
  });

  it('forgets empty rooms only', () => {
    const table = new RoomTable();
    const a = connect('a');
    const room = table.enter(a, 'lobby');
    table.remove(room);
    expect(table.size).toBe(1);
    expect(table.leaveLast(a)).toBe(room);
    expect(table.leaveLast(a)).toBeUndefined();
    table.remove(room);
    expect([table.size, table.memberships]).toEqual([0, 0]);
  });

  it('does not mix up connections that are in no room', () => {
    const table = new RoomTable();
    const [a, b] = [connect('a'), connect('b')];
    table.enter(a, 'lobby');
    expect(b.rooms).toEqual([]);
    table.leaveLast(a);
    table.enter(b, 'cellar');
    expect([a.rooms, connect('c').rooms]).toEqual([[], []]);
  });

  it('stays the same as a plain model over any entering and leaving', () => {
    const random = seededRandom(4);
    const below = (bound: number): number => Math.floor(random() * bound);
    const table = new RoomTable();
    const model = new Map<string, Set<string>>();
    const connections = Array.from({ length: 40 }, (_, at) => connect(`c${at}`));
    for (let step = 0; step < 20_000; step++) {
      const connection = connections[below(connections.length)] as Connection;
      const groupId = `g${below(30)}`;
      const members = model.get(groupId) ?? new Set();
      model.set(groupId, members);
      const what = below(100);
      if (what < 55) {
        table.enter(connection, groupId);
        members.add(connection.id);
      } else if (what < 98) {
        table.leave(connection, groupId);
        members.delete(connection.id);
      } else {
        while (table.leaveLast(connection) !== undefined);
        for (const some of model.values()) some.delete(connection.id);
      }
    }
    for (const [groupId, members] of model) expect(ids(table, groupId)).toEqual([...members].sort());
    const total = [...model.values()].reduce((sum, members) => sum + members.size, 0);
    expect(table.memberships).toBe(total);
  });
});
