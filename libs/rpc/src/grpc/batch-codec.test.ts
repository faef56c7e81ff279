import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { rpcv1 } from '@parley/proto';
import fc from 'fast-check';
import { fullContext, userContext } from '../testing/fixtures.js';
import { decodeCalls, decodeOutcomes, encodeCalls, encodeOutcomes } from './batch-codec.js';

const { ExchangeRequestSchema, ExchangeResponseSchema } = rpcv1;
const NOW = 1_000_000;

const callContext = fc.constantFrom(fullContext(), userContext());
const callArbitrary = fc.record({
  id: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  method: fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
  context: callContext,
  timeoutMs: fc.integer({ min: 1, max: 100_000 }),
  request: fc.uint8Array(),
});
const outcomeArbitrary = fc.record({
  id: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  code: fc.constantFrom(0, 20001, 91000),
  info: fc.string({ unit: 'grapheme-ascii' }),
  response: fc.uint8Array(),
  retryAfterMs: fc.nat(),
});

describe('batch codec', () => {
  it('writes calls byte for byte as the generated code does, and reads them back', () => {
    const ids = fc.array(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
    fc.assert(
      fc.property(fc.array(callArbitrary), ids, (calls, cancelled) => {
        const expected = toBinary(
          ExchangeRequestSchema,
          create(ExchangeRequestSchema, {
            calls: calls.map(({ id, method, context, timeoutMs, request }) => {
              const { signal: _, deadlineMs: __, ...named } = context;
              return { id: BigInt(id), method, request, context: { ...named, timeoutMs } };
            }),
            cancelled: cancelled.map(BigInt),
          }),
        );
        const bytes = encodeCalls(calls, cancelled);
        expect(Buffer.compare(bytes, expected)).toBe(0);
        const read = decodeCalls(expected, NOW);
        expect(read.cancelled).toEqual(cancelled);
        expect(read.calls).toEqual(
          calls.map(({ timeoutMs, context, ...call }) => ({
            ...call,
            context: { ...context, deadlineMs: NOW + timeoutMs },
          })),
        );
      }),
    );
  });

  it('writes outcomes byte for byte as the generated code does, and reads them back', () => {
    fc.assert(
      fc.property(fc.array(outcomeArbitrary), (outcomes) => {
        const results = outcomes.map((outcome) => ({ ...outcome, id: BigInt(outcome.id) }));
        const expected = toBinary(ExchangeResponseSchema, create(ExchangeResponseSchema, { results }));
        expect(Buffer.compare(encodeOutcomes(outcomes), expected)).toBe(0);
        expect(decodeOutcomes(expected)).toEqual(outcomes);
      }),
    );
  });

  it('rounds time left up, so that a call never arrives without a deadline', () => {
    const [call] = decodeCalls(
      encodeCalls(
        [{ id: 1, method: 'm', context: userContext(), timeoutMs: -3, request: new Uint8Array() }],
        [],
      ),
      NOW,
    ).calls;
    expect(call?.context.deadlineMs).toBe(NOW + 1);
  });

  it('either refuses foreign bytes or reads what the generated code reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        let outcomes: ReturnType<typeof decodeOutcomes>;
        try {
          outcomes = decodeOutcomes(bytes);
        } catch {
          return; // Refused: the stream is broken off.
        }
        expect(outcomes).toHaveLength(fromBinary(ExchangeResponseSchema, bytes).results.length);
      }),
    );
  });
});
