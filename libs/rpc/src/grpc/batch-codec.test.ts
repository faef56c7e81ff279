import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { rpcv1 } from '@parley/proto';
import fc from 'fast-check';
import { fullContext, userContext } from '../testing/fixtures.js';
import { decodeCalls, decodeOutcomes, encodeCalls, encodeOutcomes } from './batch-codec.js';

const { ExchangeRequestSchema, ExchangeResponseSchema } = rpcv1;
const NOW = 1_000_000;

const callContext = fc.constantFrom(
  fullContext(),
  userContext(),
  userContext({ attempt: 1, firstAttemptAtMs: NOW - 12_000 }),
);
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
              const { signal: _, deadlineMs: __, firstAttemptAtMs = NOW, ...named } = context;
              const firstAttemptAgeMs = NOW - firstAttemptAtMs;
              return { id: BigInt(id), method, request, context: { ...named, timeoutMs, firstAttemptAgeMs } };
            }),
            cancelled: cancelled.map(BigInt),
          }),
        );
        const bytes = encodeCalls(calls, cancelled, NOW);
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
        NOW,
      ),
      NOW,
    ).calls;
    expect(call?.context.deadlineMs).toBe(NOW + 1);
  });

  it.each([
    ['by whose clock it began just now', NOW, NOW + 499],
    ['by whose clock it began in the future', NOW + 77, NOW + 499],
    ['by whose clock it began long ago', NOW - 86_400_000, NOW + 500 - 86_400_000],
    ['that knows of no such time', NOW - 2 ** 32, undefined],
  ])('brings the first attempt of a caller %s to another clock', (_, firstAttemptAtMs, expected) => {
    const context = userContext({ attempt: 1, firstAttemptAtMs });
    const call = { id: 1, method: 'm', context, timeoutMs: 5, request: new Uint8Array() };
    const read = decodeCalls(encodeCalls([call], [], NOW), NOW + 500).calls[0];
    expect(read?.context.firstAttemptAtMs).toBe(expected);
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
