import type { DescMethod } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { authv1, messagev1 } from '@parley/proto';
import type { CallContext } from './call-context.js';
import { withRetry } from './retry.js';
import { userContext } from './testing/fixtures.js';
import { rejection } from './testing/transport-contract.js';
import type { Transport } from './transport.js';

const { send } = messagev1.MessageService.method;
const unavailable = (retryAfterMs = 0) => new ChatError(ErrorCode.UNAVAILABLE, 'away', { retryAfterMs });

/** Fails with the given errors in turn, then answers; records the contexts it saw. */
function flaky(failures: readonly ChatError[]): { transport: Transport; seen: CallContext[] } {
  const seen: CallContext[] = [];
  const transport: Transport = {
    call: async (_: DescMethod, __: Uint8Array, context: CallContext) => {
      seen.push(context);
      const failure = failures[seen.length - 1];
      if (failure !== undefined) throw failure;
      return new Uint8Array([seen.length]);
    },
    close: async () => undefined,
  };
  return { transport, seen };
}

const fast = { backoffBaseMs: 1, random: () => 0.5 };

describe('withRetry', () => {
  it('tries an idempotent method again and counts the attempts up', async () => {
    const { transport, seen } = flaky([unavailable(), unavailable()]);
    const answer = await withRetry(transport, fast).call(send, new Uint8Array(), userContext({ attempt: 3 }));
    expect([...answer]).toEqual([3]);
    expect(seen.map((context) => context.attempt)).toEqual([3, 4, 5]);
  });

  it('keeps one deadline over all attempts', async () => {
    const { transport, seen } = flaky([unavailable()]);
    const clock = { now: () => 1_000 };
    await withRetry(transport, { ...fast, clock }).call(send, new Uint8Array(), userContext());
    expect(seen[1]?.deadlineMs).toBe(9_000);
  });

  it('says when the first attempt began where it is known', async () => {
    const ask = async (overrides: Partial<CallContext>) => {
      const { transport, seen } = flaky([unavailable()]);
      const clock = { now: () => 1_000 };
      await withRetry(transport, { ...fast, clock }).call(send, new Uint8Array(), userContext(overrides));
      return seen.map((context) => context.firstAttemptAtMs);
    };
    expect(await ask({})).toEqual([undefined, 1_000]);
    expect(await ask({ attempt: 1, firstAttemptAtMs: 400 })).toEqual([400, 400]);
    expect(await ask({ attempt: 1 })).toEqual([undefined, undefined]);
    expect(await ask({ deadlineMs: 9_000 })).toEqual([undefined, undefined]);
  });

  it.each([ErrorCode.TIMEOUT, ErrorCode.OVERLOADED, ErrorCode.INTERNAL, ErrorCode.C2C_UNAVAILABLE])(
    'does not retry code %i',
    async (code) => {
      const { transport, seen } = flaky([new ChatError(code, 'no')]);
      const error = await rejection(withRetry(transport, fast).call(send, new Uint8Array(), userContext()));
      expect(error.code).toBe(code);
      expect(seen).toHaveLength(1);
    },
  );

  it('does not retry a method that is not idempotent', async () => {
    const { transport, seen } = flaky([unavailable()]);
    const { createApp } = authv1.AppService.method;
    await rejection(withRetry(transport, fast).call(createApp, new Uint8Array(), userContext()));
    expect(seen).toHaveLength(1);
  });

  it('gives up after the last attempt with the last error', async () => {
    const last = unavailable();
    const { transport, seen } = flaky([unavailable(), unavailable(), last]);
    const error = await rejection(
      withRetry(transport, { ...fast, attemptsMax: 3 }).call(send, new Uint8Array(), userContext()),
    );
    expect(error).toBe(last);
    expect(seen).toHaveLength(3);
  });

  it('does not pause beyond the deadline', async () => {
    const { transport, seen } = flaky([unavailable(60_000)]);
    const error = await rejection(withRetry(transport, fast).call(send, new Uint8Array(), userContext()));
    expect(error.code).toBe(ErrorCode.UNAVAILABLE);
    expect(seen).toHaveLength(1);
  });

  it('pauses at least as long as the answer asks', async () => {
    const { transport } = flaky([unavailable(40)]);
    const startedAt = performance.now();
    await withRetry(transport, fast).call(send, new Uint8Array(), userContext());
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(38);
  });

  it('stops pausing when the caller gives up', async () => {
    const controller = new AbortController();
    const { transport, seen } = flaky([unavailable(7_000)]);
    const call = withRetry(transport, fast).call(
      send,
      new Uint8Array(),
      userContext({ signal: controller.signal }),
    );
    setImmediate(() => controller.abort());
    expect((await rejection(call)).code).toBe(ErrorCode.UNAVAILABLE);
    expect(seen).toHaveLength(1);
  });
});
