// The typed face of a transport.
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
import type { CallContext } from './call-context.js';
import { methodPolicy } from './method-policy.js';
import type { Client, MethodCodec, ServiceCodecs, Transport } from './transport.js';

/**
 * One function per unary method: encodes, calls, decodes. Rejects with ChatError only;
 * a request that cannot be encoded (a number out of range) is C2C_BAD_REQUEST,
 * an answer that cannot be decoded is INTERNAL. Does not retry: see withRetry.
 */
export function createClient<S extends DescService>(
  service: S,
  transport: Transport,
  codecs: ServiceCodecs<S> = {},
): Client<S> {
  const client: Record<string, unknown> = {};
  for (const method of service.methods) {
    if (method.methodKind !== 'unary') continue;
    const call = { transport, method, ...clientCodec(method, Reflect.get(codecs, method.localName)) };
    client[method.localName] = (request: MessageInitShape<DescMessage>, context: CallContext) =>
      callMethod(call, request, context);
  }
  return client as Client<S>;
}

interface MethodCall {
  readonly transport: Transport;
  readonly method: DescMethod;
  readonly encode: (request: MessageInitShape<DescMessage>) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => Message;
}

function clientCodec(
  method: DescMethod,
  codec: MethodCodec<DescMethod> | undefined,
): Pick<MethodCall, 'encode' | 'decode'> {
  const { input, output } = method;
  return {
    encode: codec?.encodeRequest ?? ((request) => toBinary(input, create(input, request))),
    decode: codec?.decodeResponse ?? ((bytes) => fromBinary(output, bytes)),
  };
}

async function callMethod(call: MethodCall, request: MessageInitShape<DescMessage>, context: CallContext) {
  const { transport, method } = call;
  const response = await transport.call(method, encodeRequest(call, request), context);
  try {
    return call.decode(response);
  } catch (cause) {
    throw new ChatError(ErrorCode.INTERNAL, `${methodPolicy(method).fullName}: malformed answer`, { cause });
  }
}

function encodeRequest(call: MethodCall, request: MessageInitShape<DescMessage>): Uint8Array {
  try {
    return call.encode(request);
  } catch (cause) {
    const { fullName } = methodPolicy(call.method);
    throw new ChatError(ErrorCode.C2C_BAD_REQUEST, `${fullName}: a field of the request is out of range`, {
      cause,
    });
  }
}
