// What a handler learns of its caller.
import { fullContext, type MessageHandlers, userContext, type WithHandlers } from './fixtures.js';

export function describeCaller(withHandlers: WithHandlers): void {
  it('brings the caller across, with a deadline', async () => {
    const seen: unknown[] = [];
    const handlers: Partial<MessageHandlers> = {
      send: async (_, context) => {
        seen.push({ ...context, signal: undefined, deadlineMs: undefined }, context.deadlineMs);
        return {};
      },
    };
    await withHandlers(handlers, async ({ client }) => {
      const before = Date.now();
      await client.send({}, fullContext());
      expect(seen[0]).toEqual({ ...fullContext(), signal: undefined, deadlineMs: undefined });
      expect(seen[1]).toBeGreaterThan(before + 7_000);
      expect(seen[1]).toBeLessThan(Date.now() + 8_100);
    });
  });

  it('carries when the first attempt began, if that is known', async () => {
    const seen: (number | undefined)[] = [];
    const handlers: Partial<MessageHandlers> = {
      send: async (_, { firstAttemptAtMs }) => {
        seen.push(firstAttemptAtMs);
        return {};
      },
    };
    await withHandlers(handlers, async ({ client }) => {
      const beganAtMs = Date.now() - 30_000;
      await client.send({}, userContext({ attempt: 1, firstAttemptAtMs: beganAtMs }));
      await client.send({}, userContext({ attempt: 1 }));
      expect(seen).toEqual([expect.any(Number), undefined]);
      // The way counts as time after it.
      expect(seen[0]).toBeGreaterThanOrEqual(beganAtMs - 1);
      expect(seen[0]).toBeLessThan(beganAtMs + 5_000);
    });
  });
}
