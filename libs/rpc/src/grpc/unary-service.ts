// The server's end of unary calls: every method that the router knows.

import type { DescMethod } from '@bufbuild/protobuf';
import {
  Metadata,
  type Server,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { ChatError, ErrorCode } from '@parley/kernel';
import type { CallBudget } from '../call-budget.js';
import type { CallContext } from '../call-context.js';
import { callerGaveUp } from '../failures.js';
import { Invocation, type InvocationSink, type InvocationTools } from '../invocation.js';
import { methodPolicy } from '../method-policy.js';
import { encodeOutcomes } from './batch-codec.js';
import { sameBytes, toBuffer } from './channel.js';
import { decodeContext } from './context-codec.js';
import { failureOf } from './outcome.js';
import { CONTEXT_METADATA, FAILURE_METADATA, unaryPath } from './paths.js';

type UnaryCall = ServerUnaryCall<Buffer, Buffer>;
type Answer = sendUnaryData<Buffer>;

/** gRPC's own view of a failure, for proxies and dashboards; the exact one is in the trailers. */
const STATUS_OF: ReadonlyMap<ErrorCode, status> = new Map([
  [ErrorCode.UNAVAILABLE, status.UNAVAILABLE],
  [ErrorCode.OVERLOADED, status.RESOURCE_EXHAUSTED],
  [ErrorCode.TIMEOUT, status.DEADLINE_EXCEEDED],
  [ErrorCode.UNKNOWN_COMMAND, status.UNIMPLEMENTED],
  [ErrorCode.IDENTITY_CHECK_FAILED, status.PERMISSION_DENIED],
  [ErrorCode.INTERNAL, status.INTERNAL],
]);

/** Adds one gRPC method for each method of the router; those registered later are not served. */
export function addUnaryMethods(server: Server, tools: InvocationTools, budget: CallBudget): void {
  const definition: Record<string, ServiceDefinition[string]> = {};
  const handlers: Record<string, (call: UnaryCall, answer: Answer) => void> = {};
  for (const method of tools.router.methods()) {
    const path = unaryPath(method);
    definition[path] = {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: toBuffer,
      requestDeserialize: sameBytes,
      responseSerialize: toBuffer,
      responseDeserialize: sameBytes,
    };
    handlers[path] = (call, answer) => serve(method, { call, answer, tools, budget });
  }
  // A process may only call: then there is nothing to add, and gRPC refuses an empty service.
  if (Object.keys(handlers).length > 0) server.addService(definition, handlers);
}

interface Serving {
  readonly call: UnaryCall;
  readonly answer: Answer;
  readonly tools: InvocationTools;
  readonly budget: CallBudget;
}

function serve(method: DescMethod, { call, answer, tools, budget }: Serving): void {
  const context = readContext(call, tools.clock.now());
  if (context instanceof ChatError) {
    answer(toServiceError(context));
    return;
  }
  const bytes = call.request.byteLength;
  const refusal = budget.take(bytes);
  if (refusal !== undefined) {
    answer(toServiceError(refusal));
    return;
  }
  const sink: InvocationSink = {
    succeeded(_, response) {
      budget.release(bytes);
      answer(null, toBuffer(response));
    },
    failed(_, error) {
      budget.release(bytes);
      answer(toServiceError(error));
    },
  };
  const invocation = new Invocation(tools, sink, method);
  call.on('cancelled', () => invocation.cancel(callerGaveUp(methodPolicy(method).fullName)));
  invocation.run(call.request, context);
}

function readContext(call: UnaryCall, now: number): CallContext | ChatError {
  const [encoded] = call.metadata.get(CONTEXT_METADATA);
  if (!(encoded instanceof Buffer)) {
    return new ChatError(ErrorCode.IDENTITY_CHECK_FAILED, `metadata ${CONTEXT_METADATA} is missing`);
  }
  try {
    return decodeContext(encoded, now);
  } catch (cause) {
    return new ChatError(ErrorCode.IDENTITY_CHECK_FAILED, `metadata ${CONTEXT_METADATA} is malformed`, {
      cause,
    });
  }
}

function toServiceError(error: ChatError) {
  const metadata = new Metadata();
  metadata.set(FAILURE_METADATA, toBuffer(encodeOutcomes([failureOf(0, error)])));
  return {
    code: STATUS_OF.get(error.code) ?? status.FAILED_PRECONDITION,
    details: ErrorCode[error.code],
    metadata,
  };
}
