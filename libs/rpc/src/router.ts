// The server side: from encoded request and context to encoded response.
// Transports bring the bytes; deadlines and cancellation live in invocation.ts.
import {
  create,
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type Message,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { CallContext } from './call-context.js';
import { requestTooLarge, unknownMethod } from './failures.js';
import { RPC_MESSAGE_BYTES_MAX } from './limits.js';
import { type MethodPolicy, methodPolicy } from './method-policy.js';
import type { MethodCodec, MethodHandler, ServiceCodecs, ServiceHandlers } from './transport.js';

/** Routes calls to the handlers registered in this process. */
export interface Router {
  /**
   * Takes over every method of a service. Handlers keep their `this`.
   * @throws Error when the service is registered already or has a streaming method.
   */
  register<S extends DescService>(service: S, handlers: ServiceHandlers<S>, codecs?: ServiceCodecs<S>): void;
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
  readonly decode: (bytes: Uint8Array) => Message;
  readonly encode: (response: MessageInitShape<DescMessage>) => Uint8Array;
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

  register<S extends DescService>(
    service: S,
    handlers: ServiceHandlers<S>,
    codecs: ServiceCodecs<S> = {},
  ): void {
    for (const method of service.methods) {
      if (method.methodKind !== 'unary') throw new Error(`${service.typeName}/${method.name} is not unary`);
      const policy = methodPolicy(method);
      if (this.#byName.has(policy.fullName)) throw new Error(`${policy.fullName} is registered twice`);
      const handler = handlerOf(service, method, handlers);
      const codec: MethodCodec<DescMethod> | undefined = Reflect.get(codecs, method.localName);
      const route = { method, policy, handler, ...serverCodec(method, codec) };
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

  /** No async function: this runs for every message, and a suspended frame costs more than two callbacks. */
  dispatch(method: DescMethod, request: Uint8Array, context: CallContext): Promise<Uint8Array> {
    const route = this.#routes.get(method);
    if (route === undefined) return Promise.reject(unknownMethod(methodPolicy(method).fullName));
    let message: Message;
    try {
      message = admit(route, request, context);
    } catch (thrown) {
      return Promise.reject(thrown);
    }
    const fail = (thrown: unknown): never => {
      throw this.#report(thrown, route, context);
    };
    const answer = (response: MessageInitShape<DescMessage>): Uint8Array => {
      try {
        return encodeResponse(route, response);
      } catch (thrown) {
        return fail(thrown);
      }
    };
    try {
      return route.handler(message, context).then(answer, fail);
    } catch (thrown) {
      return Promise.reject(this.#report(thrown, route, context));
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

function serverCodec(
  method: DescMethod,
  codec: MethodCodec<DescMethod> | undefined,
): Pick<Route, 'decode' | 'encode'> {
  const { input, output } = method;
  return {
    decode: codec?.decodeRequest ?? ((bytes) => fromBinary(input, bytes)),
    encode: codec?.encodeResponse ?? ((response) => toBinary(output, create(output, response))),
  };
}

/** The decoded request, if this caller may send it. @throws ChatError */
function admit(route: Route, request: Uint8Array, context: CallContext): Message {
  const { fullName, allowedRoles } = route.policy;
  if (!allowedRoles.has(context.role)) {
    throw new ChatError(ErrorCode.IDENTITY_CHECK_FAILED, `the caller's role may not call ${fullName}`);
  }
  if (request.byteLength > RPC_MESSAGE_BYTES_MAX) throw requestTooLarge(fullName);
  try {
    return route.decode(request);
  } catch (cause) {
    const info = `the request of ${fullName} cannot be decoded: not a ${route.method.input.typeName}`;
    throw new ChatError(ErrorCode.C2C_BAD_REQUEST, info, { cause });
  }
}

function encodeResponse(route: Route, response: MessageInitShape<DescMessage>): Uint8Array {
  if (typeof response !== 'object' || response === null) {
    throw new Error(`the handler of ${route.policy.fullName} answered no message`);
  }
  const bytes = route.encode(response);
  if (bytes.byteLength > RPC_MESSAGE_BYTES_MAX) {
    throw new Error(`the response of ${route.policy.fullName} has ${bytes.byteLength} bytes`);
  }
  return bytes;
}
