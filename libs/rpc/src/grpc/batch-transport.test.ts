import { ChatError, ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { createClient } from '../client.js';
import { withRetry } from '../retry.js';
import { gate, type MessageHandlers, messageRouter, userContext } from '../testing/fixtures.js';
import { rejection } from '../testing/transport-contract.js';
import { createBatchTransport } from './batch-transport.js';
import { createGrpcServer } from './grpc-server.js';
import { createUnaryTransport } from './unary-transport.js';

const { MessageService } = messagev1;
const quick = { backoffBaseMs: 20, backoffMaxMs: 40 };

async function serve(handlers: Partial<MessageHandlers>, port = 0, callsInFlightMax = 100) {
  const { router } = messageRouter(handlers);
  const server = createGrpcServer({ router, callsInFlightMax });
  return { server, port: await server.listen(`127.0.0.1:${port}`) };
}

/** Handlers whose Send stays in flight until released. */
function heldSends() {
  const { opened: released, open: release } = gate();
  let count = 0;
  let reached: (() => void) | undefined;
  const started = (wanted: number): Promise<void> =>
    new Promise((resolve) => {
      reached = () => {
        if (count >= wanted) resolve();
      };
      reached();
    });
  const handlers: Partial<MessageHandlers> = {
    send: async () => {
      count += 1;
      reached?.();
      await released;
      return { seq: 1n };
    },
  };
  return { handlers, release, started };
}

describe('batched gRPC transport', () => {
  it('fails the calls of a broken stream with UNAVAILABLE, then reconnects', async () => {
    const held = heldSends();
    const first = await serve(held.handlers);
    const transport = createBatchTransport({ address: `127.0.0.1:${first.port}`, ...quick });
    const client = createClient(MessageService, transport);
    const call = rejection(client.send({}, userContext()));
    await held.started(1);
    expect(transport.isHealthy).toBe(true);

    await first.server.close(0);
    expect((await call).code).toBe(ErrorCode.UNAVAILABLE);
    expect(transport.isHealthy).toBe(false);
    const refused = await rejection(client.send({}, userContext()));
    expect(refused.code).toBe(ErrorCode.UNAVAILABLE);
    expect(refused.retryAfterMs).toBeGreaterThan(0);

    const second = await serve(
      { send: async (_, context) => ({ seq: BigInt(context.attempt) }) },
      first.port,
    );
    const retrying = createClient(
      MessageService,
      withRetry(transport, { attemptsMax: 50, backoffBaseMs: 20 }),
    );
    const answer = await retrying.send({}, userContext());
    expect(answer.seq).toBeGreaterThan(0n);
    expect(transport.isHealthy).toBe(true);
    await transport.close();
    await second.server.close();
    held.release();
  });

  it('is unhealthy and answers UNAVAILABLE when nobody listens', async () => {
    const { server, port } = await serve({});
    await server.close();
    const transport = createBatchTransport({ address: `127.0.0.1:${port}`, ...quick });
    expect(transport.isHealthy).toBe(true);
    const client = createClient(MessageService, transport);
    expect((await rejection(client.send({}, userContext()))).code).toBe(ErrorCode.UNAVAILABLE);
    expect(transport.isHealthy).toBe(false);
    await transport.close();
  });

  it.each([
    ['the client', 5, 1_000],
    ['the server', 1_000, 5],
  ])('answers OVERLOADED beyond the bound of %s, and recovers', async (_, clientMax, serverMax) => {
    const held = heldSends();
    const { server, port } = await serve(held.handlers, 0, serverMax);
    const transport = createBatchTransport({ address: `127.0.0.1:${port}`, callsInFlightMax: clientMax });
    const client = createClient(MessageService, transport);
    const accepted = Array.from({ length: 5 }, () => client.send({}, userContext()));
    await held.started(5);
    const error = await rejection(client.send({}, userContext()));
    expect(error.code).toBe(ErrorCode.OVERLOADED);
    expect(error.retryAfterMs).toBeGreaterThan(0);
    held.release();
    await Promise.all(accepted);
    expect((await client.send({}, userContext())).seq).toBe(1n);
    await transport.close();
    await server.close();
  });

  it('bounds the bytes in flight too', async () => {
    const held = heldSends();
    const { server, port } = await serve(held.handlers);
    const transport = createBatchTransport({ address: `127.0.0.1:${port}` });
    const client = createClient(MessageService, transport);
    const body = new Uint8Array(4_000_000);
    const calls = Array.from({ length: 20 }, () =>
      client.send({ body }, userContext()).then(
        () => 0,
        (error: ChatError) => error.code,
      ),
    );
    await held.started(16);
    held.release();
    const codes = await Promise.all(calls);
    expect(codes.filter((code) => code === 0)).toHaveLength(16);
    expect(codes.filter((code) => code === ErrorCode.OVERLOADED)).toHaveLength(4);
    await transport.close();
    await server.close();
  });

  it('sends the calls of one turn in one write', async () => {
    let turns = 0;
    let turnOpen = false;
    const { server, port } = await serve({
      send: async () => {
        if (!turnOpen) {
          turns += 1;
          turnOpen = true;
          setImmediate(() => {
            turnOpen = false;
          });
        }
        return {};
      },
    });
    const transport = createBatchTransport({ address: `127.0.0.1:${port}` });
    const client = createClient(MessageService, transport);
    await Promise.all(Array.from({ length: 100 }, () => client.send({}, userContext())));
    expect(turns).toBe(1);
    await transport.close();
    await server.close();
  });
});

describe('closing a gRPC server', () => {
  const transports = { batched: createBatchTransport, unary: createUnaryTransport };

  it.each(Object.entries(transports))('waits for running calls (%s)', async (_, createTransport) => {
    const held = heldSends();
    const { server, port } = await serve(held.handlers);
    const transport = createTransport({ address: `127.0.0.1:${port}` });
    const client = createClient(MessageService, transport);
    const call = client.send({}, userContext());
    await held.started(1);
    const closed = server.close();
    held.release();
    expect((await call).seq).toBe(1n);
    await closed;
    expect((await rejection(client.send({}, userContext()))).code).toBe(ErrorCode.UNAVAILABLE);
    await transport.close();
  });

  it('refuses a port that is taken', async () => {
    const { server, port } = await serve({});
    await expect(serve({}, port)).rejects.toThrow();
    await server.close();
  });
});
