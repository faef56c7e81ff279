import { encodeRoutingKey } from './replica-names.js';

// Length, value and a zero, for each part: the format of Cassandra's composites.
const framed = (parts: readonly Buffer[]): Buffer =>
  Buffer.concat(
    parts.flatMap((part) => [Buffer.from([part.length >> 8, part.length & 255]), part, Buffer.from([0])]),
  );

describe('routing keys', () => {
  it('are the value alone when there is one', () => {
    expect(encodeRoutingKey(['anna'])).toEqual(Buffer.from('anna'));
    expect(encodeRoutingKey([5n])).toEqual(Buffer.from('0000000000000005', 'hex'));
  });

  it('are framed when there are several', () => {
    const number = Buffer.from('0000000053724e01', 'hex');
    expect(encodeRoutingKey([1_400_000_001n, 'ä'])).toEqual(framed([number, Buffer.from('ä')]));
  });
});
