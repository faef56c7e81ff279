import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { messagev1 } from '@parley/proto';
import fc from 'fast-check';
import { peekStrings } from './peek-strings.js';

const { SendRequestSchema } = messagev1;

describe('peekStrings', () => {
  it('reads what the generated code wrote, in the order asked', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(), fc.uint8Array(), (from, to, msgSeq, body) => {
        const bytes = toBinary(SendRequestSchema, create(SendRequestSchema, { from, to, msgSeq, body }));
        expect(peekStrings(bytes, [2, 1])).toEqual([
          new TextDecoder().decode(new TextEncoder().encode(to)),
          new TextDecoder().decode(new TextEncoder().encode(from)),
        ]);
      }),
    );
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(peekStrings(bytes, [1, 2])).toHaveLength(2);
      }),
    );
  });

  it('takes the last of a repeated field', () => {
    const bytes = new BinaryWriter().uint32(10).string('one').uint32(10).string('two').finish();
    expect(peekStrings(bytes, [1])).toEqual(['two']);
  });

  it('ignores values that are too long', () => {
    const bytes = new BinaryWriter().uint32(10).string('x'.repeat(513)).uint32(18).string('bob').finish();
    expect(peekStrings(bytes, [1, 2])).toEqual(['', 'bob']);
  });

  it('looks at a bounded number of fields', () => {
    const writer = new BinaryWriter();
    for (let i = 0; i < 100; i++) writer.uint32(24).uint32(i);
    expect(peekStrings(writer.uint32(10).string('far').finish(), [1])).toEqual(['']);
  });
});
