// One gRPC call per call: simple, understood by every tool, about twenty times
// dearer than the batched transport. For control calls.

import type { DescMethod } from '@bufbuild/protobuf';
import { type Client, connectivityState, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { ChatError, type Clock, ErrorCode, systemClock } from '@parley/kernel';
import type { EndpointTransport } from '../balanced-transport.js';
import { CALLS_IN_FLIGHT_MAX, CallBudget } from '../call-budget.js';
import type { CallContext } from '../call-context.js';
import {
  callerGaveUp,
  deadlinePassed,
  requestTooLarge,
  transportClosed,
  unknownMethod,
} from '../failures.js';
import { RPC_MESSAGE_BYTES_MAX } from '../limits.js';
import { methodPolicy } from '../method-policy.js';
import { decodeOutcomes } from './batch-codec.js';
import { type GrpcTarget, openChannel, sameBytes, toBuffer } from './channel.js';
import { encodeContext } from './context-codec.js';
import { errorOf } from './outcome.js';
import { CONTEXT_METADATA, FAILURE_METADATA, unaryPath } from './paths.js';

export interface UnaryTransportOptions extends GrpcTarget {
  /** Default 10,000; more is OVERLOADED. */
  readonly callsInFlightMax?: number;
  readonly clock?: Clock;
}

/** A transport to one server; the order in which calls arrive is not promised. */
export const createUnaryTransport = (options: UnaryTransportOptions): EndpointTransport =>
  new UnaryTransport(options);

class UnaryTransport implements EndpointTransport {
  readonly #channel: Client;
  readonly #budget: CallBudget;
  readonly #clock: Clock;
  readonly #endCalls = new Set<() => void>();
  #isClosed = false;

  constructor(options: UnaryTransportOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#budget = new CallBudget(options.callsInFlightMax ?? CALLS_IN_FLIGHT_MAX);
    this.#channel = openChannel(options);
  }

  get isHealthy(): boolean {
    if (this.#isClosed) return false;
    const state = this.#channel.getChannel().getConnectivityState(false);
    return state !== connectivityState.TRANSIENT_FAILURE && state !== connectivityState.SHUTDOWN;
  }

  call(method: DescMethod, request: Uint8Array, context: CallContext): Promise<Uint8Array> {
    const policy = methodPolicy(method);
    const now = this.#clock.now();
    const timeLeftMs = (context.deadlineMs ?? now + policy.deadlineMs) - now;
    const refusal = this.#refusalOf(policy.fullName, request, context, timeLeftMs);
    if (refusal !== undefined) return Promise.reject(refusal);
    return this.#send(method, request, context, timeLeftMs).finally(() =>
      this.#budget.release(request.byteLength),
    );
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const endCall of [...this.#endCalls]) endCall();
    this.#channel.close();
  }

  #send(method: DescMethod, request: Uint8Array, context: CallContext, timeLeftMs: number) {
    const { fullName } = methodPolicy(method);
    const metadata = new Metadata();
    metadata.set(CONTEXT_METADATA, toBuffer(encodeContext(context, timeLeftMs, this.#clock.now())));
    return new Promise<Uint8Array>((resolve, reject) => {
      const call = this.#channel.makeUnaryRequest(
        unaryPath(method),
        toBuffer,
        sameBytes,
        request,
        metadata,
        { deadline: Date.now() + timeLeftMs },
        (failure: ServiceError | null, response?: Buffer) => {
          context.signal?.removeEventListener('abort', giveUp);
          this.#endCalls.delete(endCall);
          if (response !== undefined && failure === null) resolve(response);
          else reject(toChatError(failure, fullName));
        },
      );
      const giveUp = (): void => {
        reject(callerGaveUp(fullName));
        call.cancel();
      };
      const endCall = (): void => {
        reject(transportClosed());
        call.cancel();
      };
      this.#endCalls.add(endCall);
      context.signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  #refusalOf(
    fullName: string,
    request: Uint8Array,
    context: CallContext,
    timeLeftMs: number,
  ): ChatError | undefined {
    if (this.#isClosed) return transportClosed();
    if (context.signal?.aborted === true) return callerGaveUp(fullName);
    if (timeLeftMs <= 0) return deadlinePassed(fullName);
    if (request.byteLength > RPC_MESSAGE_BYTES_MAX) return requestTooLarge(fullName);
    return this.#budget.take(request.byteLength);
  }
}

function toChatError(failure: ServiceError | null, fullName: string): ChatError {
  const described = failure?.metadata?.get(FAILURE_METADATA)[0];
  if (described instanceof Buffer) return describedError(described);
  switch (failure?.code) {
    case status.DEADLINE_EXCEEDED:
      return deadlinePassed(fullName);
    case status.UNIMPLEMENTED:
      return unknownMethod(fullName);
    case status.RESOURCE_EXHAUSTED:
      return new ChatError(ErrorCode.OVERLOADED, 'the service takes no more calls', { cause: failure });
    case status.UNAVAILABLE:
    case status.CANCELLED:
      return new ChatError(ErrorCode.UNAVAILABLE, 'the service is not reachable', { cause: failure });
    default:
      return new ChatError(ErrorCode.INTERNAL, 'internal error', { cause: failure });
  }
}

function describedError(trailer: Buffer): ChatError {
  try {
    const [outcome] = decodeOutcomes(trailer);
    if (outcome !== undefined) return errorOf(outcome);
  } catch (cause) {
    return new ChatError(ErrorCode.INTERNAL, 'malformed failure from another process', { cause });
  }
  return new ChatError(ErrorCode.INTERNAL, 'empty failure from another process');
}
