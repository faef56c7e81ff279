// The server side: from encoded request and context to encoded response.
// Transports bring the bytes; deadlines and cancellation live in invocation.ts.
import {
  create,
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { CallContext } from './call-context.js';
import { requestTooLarge, unknownMethod } from './failures.js';
import { RPC_MESSAGE_BYTES_MAX } from './limits.js';
import { type MethodPolicy, methodPolicy } from './method-policy.js';
import type { MethodHandler, ServiceHandlers } from './transport.js';

/** Routes calls to the handlers registered in this process. */
export interface Router {
  /**
   * Takes over every method of a service. Handlers keep their `this`.
   * @throws Error when the service is registered already or has a streaming method.
   */
  register<S extends DescService>(service: S, handlers: ServiceHandlers<S>): void;
  /** Every method that is registered, in order of registration. */
  methods(): readonly DescMethod[];
  /** The method of a full name (`package.Service/Method`), if registered. */
  find(fullName: string): DescMethod | undefined;
  /**
   * Checks the caller's role, decodes, calls the handler, encodes. Starts the handler in the
   * same turn. Rejects with ChatError only: UNKNOWN_COMMAND, IDENTITY_CHECK_FAILED (role),
   * FRAME_TOO_LARGE, C2C_BAD_REQUEST (bytes that are no request), or what the handler threw, where
   * everything that is no ChatError becomes INTERNAL and is logged here, once, with its cause.
   */
  dispatch(method: DescMethod, request: Uint8Array, context: CallContext): Promise<Uint8Array>;
}

interface Route {
  readonly method: DescMethod;
  readonly policy: MethodPolicy;
  readonly handler: MethodHandler<DescMethod>;
}

/** Codes that say "our fault": their causes belong into the log. */
const INTERNAL_CODES: ReadonlySet<ErrorCode> = new Set([
  ErrorCode.INTERNAL,
  ErrorCode.INTERNAL_RETRY,
  ErrorCode.C2C_INTERNAL,
  ErrorCode.GROUP_INTERNAL,
  ErrorCode.PROFILE_INTERNAL,
  ErrorCode.ACCOUNT_INTERNAL,
]);

export const createRouter = (options: { readonly logger: Logger }): Router =>
  new MethodRouter(options.logger);

class MethodRouter implements Router {
  readonly #routes = new Map<DescMethod, Route>();
  readonly #byName = new Map<string, Route>();

  constructor(private readonly logger: Logger) {}

  register<S extends DescService>(service: S, handlers: ServiceHandlers<S>): void {
    for (const method of service.methods) {
      if (method.methodKind !== 'unary') throw new Error(`${service.typeName}/${method.name} is not unary`);
      const policy = methodPolicy(method);
      if (this.#byName.has(policy.fullName)) throw new Error(`${policy.fullName} is registered twice`);
      const route = { method, policy, handler: handlerOf(service, method, handlers) };
      this.#routes.set(method, route);
      this.#byName.set(policy.fullName, route);
    }
  }

  methods(): readonly DescMethod[] {
    return [...this.#routes.keys()];
  }

  find(fullName: string): DescMethod | undefined {
    return this.#byName.get(fullName)?.method;
  }

  async dispatch(method: DescMethod, request: Uint8Array, context: CallContext): Promise<Uint8Array> {
    const route = this.#routes.get(method);
    if (route === undefined) throw unknownMethod(methodPolicy(method).fullName);
    if (!route.policy.allowedRoles.has(context.role)) {
      throw new ChatError(
        ErrorCode.IDENTITY_CHECK_FAILED,
        `the caller's role may not call ${route.policy.fullName}`,
      );
    }
    if (request.byteLength > RPC_MESSAGE_BYTES_MAX) throw requestTooLarge(route.policy.fullName);
    const message = decodeRequest(route, request);
    try {
      return encodeResponse(route, await route.handler(message, context));
    } catch (thrown) {
      throw this.#report(thrown, route, context);
    }
  }

  #report(thrown: unknown, route: Route, context: CallContext): ChatError {
    const error = ChatError.from(thrown);
    if (INTERNAL_CODES.has(error.code) && !isAbortEcho(thrown, context)) {
      this.logger.error('rpc.handler.failed', {
        method: route.policy.fullName,
        code: error.code,
        info: error.info,
        cause: error.cause,
        appId: context.appId,
        userId: context.userId,
        connectionId: context.connectionId,
        traceParent: context.traceParent,
      });
    }
    return error;
  }
}

/** A handler whose awaited work was aborted together with the call tells us nothing new. */
const isAbortEcho = (thrown: unknown, context: CallContext): boolean =>
  thrown instanceof Error && thrown.name === 'AbortError' && context.signal?.aborted === true;

function handlerOf<S extends DescService>(
  service: S,
  method: DescMethod,
  handlers: ServiceHandlers<S>,
): MethodHandler<DescMethod> {
  const handler: unknown = Reflect.get(handlers, method.localName);
  if (typeof handler !== 'function') throw new Error(`${service.typeName}/${method.name} has no handler`);
  return handler.bind(handlers) as MethodHandler<DescMethod>;
}

function decodeRequest(route: Route, request: Uint8Array) {
  try {
    return fromBinary(route.method.input, request);
  } catch (cause) {
    throw new ChatError(
      ErrorCode.C2C_BAD_REQUEST,
      `the request of ${route.policy.fullName} cannot be decoded: not a ${route.method.input.typeName}`,
      { cause },
    );
  }
}

function encodeResponse(route: Route, response: MessageInitShape<DescMessage>): Uint8Array {
  const { output } = route.method;
  if (typeof response !== 'object' || response === null) {
    throw new Error(`the handler of ${route.policy.fullName} answered no message`);
  }
  const bytes = toBinary(output, create(output, response));
  if (bytes.byteLength > RPC_MESSAGE_BYTES_MAX) {
    throw new Error(`the response of ${route.policy.fullName} has ${bytes.byteLength} bytes`);
  }
  return bytes;
}
