// What every transport promises, as tests. A transport's own test file calls
// describeTransportContract with a factory; no transport is special.
import { ChatError, ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { createClient } from '../client.js';
import { RPC_MESSAGE_BYTES_MAX } from '../limits.js';
import type { Router } from '../router.js';
import type { Transport } from '../transport.js';
import { describeCaller } from './describe-caller.js';
import {
  aborted,
  gate,
  type MessageHandlers,
  messageRouter,
  unservedMethod,
  userContext,
  type WithHandlers,
} from './fixtures.js';

export interface TransportUnderTest {
  readonly transport: Transport;
  /** Ends whatever serves the transport. */
  close(): Promise<void>;
}

/** Makes a transport whose calls end at the router. */
export type TransportFactory = (router: Router) => Promise<TransportUnderTest>;

export interface TransportPromises {
  /** Handlers start in the order of the calls. */
  readonly keepsOrder: boolean;
}

export function describeTransportContract(
  name: string,
  factory: TransportFactory,
  promises: TransportPromises,
): void {
  const withHandlers: WithHandlers = async (handlers, test) => {
    const { router, errors } = messageRouter(handlers);
    const served = await factory(router);
    try {
      const client = createClient(messagev1.MessageService, served.transport);
      await test({ transport: served.transport, client, errors });
    } finally {
      await served.transport.close();
      await served.close();
    }
  };
  describe(`transport contract: ${name}`, () => {
    describeAnswers(withHandlers);
    describeCaller(withHandlers);
    describeRefusals(withHandlers);
    describeFailures(withHandlers);
    describeTime(withHandlers);
    describeLoad(withHandlers, promises);
    describeClose(withHandlers);
  });
}

/** The ChatError that a promise rejects with; anything else fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<ChatError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof ChatError) return thrown;
    throw new Error('rejected with something that is no ChatError', { cause: thrown });
  }
  throw new Error('did not reject');
}

function describeAnswers(withHandlers: WithHandlers): void {
  it('brings request and response across', async () => {
    const handlers: Partial<MessageHandlers> = {
      send: async (request) => ({
        seq: 2n ** 53n,
        timeMs: 7n,
        clientMessageId: `${request.from}→${request.to}`,
      }),
    };
    await withHandlers(handlers, async ({ client }) => {
      const answer = await client.send({ from: 'alice', to: 'bob' }, userContext());
      expect(answer).toMatchObject({ seq: 2n ** 53n, timeMs: 7n, clientMessageId: 'alice→bob' });
    });
  });

  it('brings empty messages across', async () => {
    await withHandlers({}, async ({ client }) => {
      expect((await client.countUnread({}, userContext())).total).toBe(0n);
    });
  });

  it('shares no memory between caller and handler', async () => {
    let kept: Uint8Array | undefined;
    const handlers: Partial<MessageHandlers> = {
      send: async (request) => {
        kept = request.body;
        return {};
      },
    };
    await withHandlers(handlers, async ({ client }) => {
      const body = new Uint8Array([1, 2, 3]);
      await client.send({ body }, userContext());
      body.fill(9);
      expect([...(kept ?? [])]).toEqual([1, 2, 3]);
    });
  });

  it('carries a megabyte both ways', async () => {
    const handlers: Partial<MessageHandlers> = {
      listMessages: async (request) => ({
        messages: [{ body: new Uint8Array(1024 * 1024).fill(request.peer.length & 0xff) }],
      }),
    };
    await withHandlers(handlers, async ({ client }) => {
      const answer = await client.listMessages({ peer: 'x'.repeat(1024 * 1024 - 1) }, userContext());
      expect(answer.messages[0]?.body.length).toBe(1024 * 1024);
      expect(answer.messages[0]?.body.at(-1)).toBe(0xff);
    });
  });
}

function describeRefusals(withHandlers: WithHandlers): void {
  it('refuses a role that the method does not allow, before the handler', async () => {
    let calls = 0;
    const handlers: Partial<MessageHandlers> = {
      import: async () => {
        calls += 1;
        return {};
      },
    };
    await withHandlers(handlers, async ({ client, errors }) => {
      const error = await rejection(client.import({}, userContext()));
      expect(error.code).toBe(ErrorCode.IDENTITY_CHECK_FAILED);
      expect(calls).toBe(0);
      expect(errors).toEqual([]);
    });
  });

  it('answers UNKNOWN_COMMAND for a method that nobody serves', async () => {
    await withHandlers({}, async ({ transport }) => {
      const error = await rejection(transport.call(unservedMethod, new Uint8Array(), userContext()));
      expect(error.code).toBe(ErrorCode.UNKNOWN_COMMAND);
      expect(error.info).toContain('parley.gateway.v1.GatewayNodeService/Deliver');
    });
  });

  it('answers C2C_BAD_REQUEST for bytes that are no request', async () => {
    await withHandlers({}, async ({ transport, errors }) => {
      const garbage = new Uint8Array([0x0a, 0xff, 0x01]);
      const error = await rejection(
        transport.call(messagev1.MessageService.method.send, garbage, userContext()),
      );
      expect(error.code).toBe(ErrorCode.C2C_BAD_REQUEST);
      expect(error.info).toContain('parley.message.v1.SendRequest');
      expect(errors).toEqual([]);
    });
  });

  it('refuses a request above the size limit', async () => {
    await withHandlers({}, async ({ client }) => {
      const error = await rejection(
        client.send({ body: new Uint8Array(RPC_MESSAGE_BYTES_MAX) }, userContext()),
      );
      expect(error.code).toBe(ErrorCode.FRAME_TOO_LARGE);
    });
  });
}

function describeFailures(withHandlers: WithHandlers): void {
  it('brings code, info and retryAfterMs of a ChatError across, and no cause', async () => {
    const handlers: Partial<MessageHandlers> = {
      send: async () => {
        throw new ChatError(ErrorCode.OVERLOADED, 'später ⏳', {
          retryAfterMs: 250,
          cause: new Error('secret'),
        });
      },
    };
    await withHandlers(handlers, async ({ client, errors }) => {
      const error = await rejection(client.send({}, userContext()));
      expect(error.code).toBe(ErrorCode.OVERLOADED);
      expect(error.info).toBe('später ⏳');
      expect(error.retryAfterMs).toBe(250);
      expect(errors).toEqual([]);
    });
  });

  it.each([
    ['an Error', new Error('the password is hunter2')],
    ['undefined', undefined],
    ['a text', 'hunter2'],
    ['a look-alike', { code: 20003, info: 'hunter2' }],
  ])('answers INTERNAL when a handler throws %s, and logs it once', async (_, garbage) => {
    const handlers: Partial<MessageHandlers> = {
      send: () => {
        throw garbage;
      },
    };
    await withHandlers(handlers, async ({ client, errors }) => {
      const error = await rejection(client.send({}, userContext()));
      expect(error.code).toBe(ErrorCode.INTERNAL);
      expect(error.info).not.toContain('hunter2');
      expect(errors).toHaveLength(1);
      expect(errors[0]?.fields).toMatchObject({ cause: garbage, userId: 'alice', appId: 1_400_000_001 });
    });
  });

  it.each([
    ['nothing', undefined],
    ['a number out of range', { seq: -1n }],
    ['a text', 'answer'],
  ])('answers INTERNAL when a handler answers %s', async (_, garbage) => {
    const handlers = { send: async () => garbage } as unknown as Partial<MessageHandlers>;
    await withHandlers(handlers, async ({ client, errors }) => {
      expect((await rejection(client.send({}, userContext()))).code).toBe(ErrorCode.INTERNAL);
      expect(errors).toHaveLength(1);
    });
  });

  it('goes on after a failure', async () => {
    let calls = 0;
    const handlers: Partial<MessageHandlers> = {
      send: async () => {
        calls += 1;
        if (calls === 1) throw new Error('once');
        return { seq: 5n };
      },
    };
    await withHandlers(handlers, async ({ client }) => {
      await rejection(client.send({}, userContext()));
      expect((await client.send({}, userContext())).seq).toBe(5n);
    });
  });
}

function describeTime(withHandlers: WithHandlers): void {
  const stuck = (): { handlers: Partial<MessageHandlers>; reasons: unknown[]; ended: Promise<void> } => {
    const reasons: unknown[] = [];
    const { opened, open } = gate();
    const handlers: Partial<MessageHandlers> = {
      send: async (_, context) => {
        reasons.push(await aborted(context.signal));
        open();
        return {};
      },
    };
    return { handlers, reasons, ended: opened };
  };

  it('answers TIMEOUT at the deadline and aborts the handler', async () => {
    const { handlers, reasons, ended } = stuck();
    await withHandlers(handlers, async ({ client, errors }) => {
      const startedAt = performance.now();
      const error = await rejection(client.send({}, userContext({ deadlineMs: Date.now() + 60 })));
      expect(error.code).toBe(ErrorCode.TIMEOUT);
      expect(performance.now() - startedAt).toBeGreaterThan(50);
      await ended;
      expect((reasons[0] as ChatError).code).toBe(ErrorCode.TIMEOUT);
      expect(errors).toEqual([]);
    });
  });

  it('answers TIMEOUT without calling when the deadline has passed', async () => {
    let calls = 0;
    const handlers: Partial<MessageHandlers> = {
      send: async () => {
        calls += 1;
        return {};
      },
    };
    await withHandlers(handlers, async ({ client }) => {
      const error = await rejection(client.send({}, userContext({ deadlineMs: Date.now() - 1 })));
      expect(error.code).toBe(ErrorCode.TIMEOUT);
      expect(calls).toBe(0);
    });
  });

  it('ends the call and aborts the handler when the caller gives up', async () => {
    const started = gate();
    const ended = gate();
    const handlers: Partial<MessageHandlers> = {
      send: async (_, context) => {
        started.open();
        await aborted(context.signal);
        ended.open();
        return {};
      },
    };
    await withHandlers(handlers, async ({ client }) => {
      const controller = new AbortController();
      const call = rejection(client.send({}, userContext({ signal: controller.signal })));
      await started.opened;
      controller.abort();
      expect((await call).code).toBe(ErrorCode.TIMEOUT);
      await ended.opened;
    });
  });

  it('does not call when the caller had given up before', async () => {
    await withHandlers({}, async ({ client }) => {
      const error = await rejection(client.send({}, userContext({ signal: AbortSignal.abort() })));
      expect(error.code).toBe(ErrorCode.TIMEOUT);
      expect(error.isRetryable).toBe(true);
    });
  });
}

function describeLoad(withHandlers: WithHandlers, promises: TransportPromises): void {
  it('keeps many calls in flight apart while answers overtake each other', async () => {
    const waiting: (() => void)[] = [];
    const handlers: Partial<MessageHandlers> = {
      send: async (request) => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          // The last call lets all of them go, newest first.
          if (waiting.length === 500) for (const release of waiting.reverse()) release();
        });
        return { clientMessageId: request.clientMessageId };
      },
    };
    await withHandlers(handlers, async ({ client }) => {
      const names = Array.from({ length: 500 }, (_, i) => `m${i}`);
      const answers = await Promise.all(
        names.map((clientMessageId) => client.send({ clientMessageId }, userContext())),
      );
      expect(answers.map((answer) => answer.clientMessageId)).toEqual(names);
    });
  });

  if (!promises.keepsOrder) return;
  it('starts handlers in the order of the calls', async () => {
    const seen: number[] = [];
    const handlers: Partial<MessageHandlers> = {
      send: async (request) => {
        seen.push(request.random);
        return {};
      },
    };
    await withHandlers(handlers, async ({ client }) => {
      const numbers = Array.from({ length: 1_000 }, (_, i) => i);
      await Promise.all(numbers.map((random) => client.send({ random }, userContext())));
      expect(seen).toEqual(numbers);
    });
  });
}

function describeClose(withHandlers: WithHandlers): void {
  it('fails calls in flight and later ones with UNAVAILABLE once closed, and closes twice', async () => {
    const started = gate();
    const ended = gate();
    const handlers: Partial<MessageHandlers> = {
      send: async (_, context) => {
        started.open();
        await aborted(context.signal);
        ended.open();
        return {};
      },
    };
    await withHandlers(handlers, async ({ client, transport }) => {
      const inFlight = rejection(client.send({}, userContext()));
      await started.opened;
      await transport.close();
      expect((await inFlight).code).toBe(ErrorCode.UNAVAILABLE);
      expect((await rejection(client.send({}, userContext()))).code).toBe(ErrorCode.UNAVAILABLE);
      await ended.opened;
      await transport.close();
    });
  });
}
