// The gRPC door of one process: every method of its router, unary and batched.
import { Metadata, Server, type ServerDuplexStream } from '@grpc/grpc-js';
import { type Clock, systemClock } from '@parley/kernel';
import { CALLS_IN_FLIGHT_MAX, CallBudget } from '../call-budget.js';
import type { InvocationTools } from '../invocation.js';
import type { Router } from '../router.js';
import { sharedTimerWheel, type TimerWheel } from '../timer-wheel.js';
import { sameBytes, sharedChannelOptions, toBuffer } from './channel.js';
import { type ServerTls, serverCredentials } from './credentials.js';
import { ExchangeSession } from './exchange-session.js';
import { EXCHANGE_PATH } from './paths.js';
import { addUnaryMethods } from './unary-service.js';

export interface GrpcServerOptions {
  readonly router: Router;
  /** Absent: plain text, for a network that only the platform's processes share. */
  readonly tls?: ServerTls;
  /** Of the whole server; default 10,000; more is OVERLOADED. */
  readonly callsInFlightMax?: number;
  readonly clock?: Clock;
  readonly wheel?: TimerWheel;
}

export interface GrpcServer {
  /** Serves what the router knows by now. @returns the port. @throws Error when the address cannot be bound. */
  listen(address: string): Promise<number>;
  /** Takes no new calls, waits up to `graceMs` (default 5,000) for the running ones, then breaks what is left. Idempotent. */
  close(graceMs?: number): Promise<void>;
}

export const createGrpcServer = (options: GrpcServerOptions): GrpcServer => new BatchingServer(options);

class BatchingServer implements GrpcServer {
  readonly #server = new Server(sharedChannelOptions);
  readonly #sessions = new Set<ExchangeSession>();
  readonly #tools: InvocationTools;
  readonly #budget: CallBudget;
  #closing: Promise<void> | undefined;

  constructor(private readonly options: GrpcServerOptions) {
    this.#tools = {
      router: options.router,
      clock: options.clock ?? systemClock,
      wheel: options.wheel ?? sharedTimerWheel,
    };
    this.#budget = new CallBudget(options.callsInFlightMax ?? CALLS_IN_FLIGHT_MAX);
  }

  listen(address: string): Promise<number> {
    addUnaryMethods(this.#server, this.#tools, this.#budget);
    this.#addExchange();
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(address, serverCredentials(this.options.tls), (error, port) => {
        if (error) reject(error);
        else resolve(port);
      });
    });
  }

  close(graceMs = 5_000): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  #addExchange(): void {
    const exchange = (stream: ServerDuplexStream<Buffer, Buffer>): void => {
      // Headers at once: they tell the client that the stream works.
      stream.sendMetadata(new Metadata());
      const session = new ExchangeSession(stream, this.#tools, this.#budget, () =>
        this.#sessions.delete(session),
      );
      this.#sessions.add(session);
      if (this.#closing !== undefined) session.end();
    };
    this.#server.addService(
      {
        exchange: {
          path: EXCHANGE_PATH,
          requestStream: true,
          responseStream: true,
          requestSerialize: toBuffer,
          requestDeserialize: sameBytes,
          responseSerialize: toBuffer,
          responseDeserialize: sameBytes,
        },
      },
      { exchange },
    );
  }

  async #close(graceMs: number): Promise<void> {
    for (const session of [...this.#sessions]) session.end();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const graceOver = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    const drained = new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
    await Promise.race([drained, graceOver]);
    clearTimeout(timer);
    this.#server.forceShutdown();
  }
}
