import type { CassandraTable } from './cassandra-table.js';
import { type CheckedWrite, toRequests } from './write-groups.js';

const write = (partition: string, bytes: number, isConditional = false): CheckedWrite => ({
  table: { isConditional } as CassandraTable,
  partition,
  key: {},
  bytes,
  statement: { query: partition, params: [] },
  version: undefined,
  isVersionedDelete: false,
});

const shapesOf = (requests: readonly (readonly CheckedWrite[])[]): string[] =>
  requests.map((writes) => writes.map(({ partition }) => partition).join(' '));

describe('requests of many writes', () => {
  it('joins the writes of a partition, and small partitions of the same nodes', () => {
    const writes = [write('a', 10), write('b', 10), write('a', 10), write('c', 10)];
    const nodes: Record<string, string> = { a: '1 2', b: '2 3', c: '1 2' };
    expect(shapesOf(toRequests(writes, ({ partition }) => nodes[partition]))).toEqual(['a a c', 'b']);
  });

  it('leaves partitions apart whose nodes are not known', () => {
    expect(shapesOf(toRequests([write('a', 10), write('b', 10)], () => undefined))).toEqual(['a', 'b']);
  });

  it('leaves large partitions and those that are agreed on apart', () => {
    const writes = [write('a', 2_000), write('b', 10), write('c', 10, true), write('d', 10)];
    expect(shapesOf(toRequests(writes, () => 'all'))).toEqual(['a', 'b d', 'c']);
  });

  it('joins at most ten partitions, and no more than Cassandra takes without a warning', () => {
    const small = Array.from({ length: 25 }, (_, index) => write(`p${index}`, 10));
    expect(toRequests(small, () => 'all').map(({ length }) => length)).toEqual([10, 10, 5]);
    const middling = Array.from({ length: 6 }, (_, index) => write(`p${index}`, 1_000));
    expect(toRequests(middling, () => 'all').map(({ length }) => length)).toEqual([2, 2, 2]);
  });
});
