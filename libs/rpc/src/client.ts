// The typed face of a transport.
import {
  create,
  type DescMethod,
  type DescService,
  fromBinary,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import type { CallContext } from './call-context.js';
import { methodPolicy } from './method-policy.js';
import type { Client, Transport } from './transport.js';

/**
 * One function per unary method: encodes, calls, decodes. Rejects with ChatError only;
 * a request that cannot be encoded (a number out of range) is C2C_BAD_REQUEST,
 * an answer that cannot be decoded is INTERNAL. Does not retry: see withRetry.
 */
export function createClient<S extends DescService>(service: S, transport: Transport): Client<S> {
  const client: Record<string, unknown> = {};
  for (const method of service.methods) {
    if (method.methodKind !== 'unary') continue;
    client[method.localName] = (request: MessageInitShape<typeof method.input>, context: CallContext) =>
      callMethod(transport, method, request, context);
  }
  return client as Client<S>;
}

async function callMethod(
  transport: Transport,
  method: DescMethod,
  request: MessageInitShape<typeof method.input>,
  context: CallContext,
) {
  const response = await transport.call(method, encodeRequest(method, request), context);
  try {
    return fromBinary(method.output, response);
  } catch (cause) {
    throw new ChatError(ErrorCode.INTERNAL, `${methodPolicy(method).fullName}: malformed answer`, { cause });
  }
}

function encodeRequest(method: DescMethod, request: MessageInitShape<typeof method.input>): Uint8Array {
  try {
    return toBinary(method.input, create(method.input, request));
  } catch (cause) {
    const { fullName } = methodPolicy(method);
    throw new ChatError(ErrorCode.C2C_BAD_REQUEST, `${fullName}: a field of the request is out of range`, {
      cause,
    });
  }
}
