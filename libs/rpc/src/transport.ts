// The two seams: a client side that carries bytes, a server side that routes them.
import type { DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { CallContext } from './call-context.js';

/**
 * Carries one encoded request to whoever implements the method and brings the
 * encoded response back. Rejects with ChatError only. Enforces the context's
 * deadline (or the method's default) with TIMEOUT and honours `context.signal`.
 * Does not retry. This is all a new transport has to implement.
 */
export interface Transport {
  call(method: DescMethod, request: Uint8Array, context: CallContext): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Implements one method over decoded messages. */
export type MethodHandler<M extends DescMethod> = (
  request: MessageShape<M['input']>,
  context: CallContext,
) => Promise<MessageInitShape<M['output']>>;

/** Every unary method of a service; leaving one out does not compile. */
export type ServiceHandlers<S extends DescService> = {
  [K in keyof S['method']]: MethodHandler<S['method'][K]>;
};

/** A typed client: one function per method. */
export type Client<S extends DescService> = {
  [K in keyof S['method']]: (
    request: MessageInitShape<S['method'][K]['input']>,
    context: CallContext,
  ) => Promise<MessageShape<S['method'][K]['output']>>;
};

/**
 * A hand-written codec of a method that is called for every message, in the place of the generated
 * one. Each function that is given must be exactly its equal, which a test has to prove byte for byte.
 */
export interface MethodCodec<M extends DescMethod> {
  readonly encodeRequest?: (request: MessageInitShape<M['input']>) => Uint8Array;
  readonly decodeRequest?: (bytes: Uint8Array) => MessageShape<M['input']>;
  readonly encodeResponse?: (response: MessageInitShape<M['output']>) => Uint8Array;
  readonly decodeResponse?: (bytes: Uint8Array) => MessageShape<M['output']>;
}

/** Codecs of some methods of a service; the others use the generated code. */
export type ServiceCodecs<S extends DescService> = {
  readonly [K in keyof S['method']]?: MethodCodec<S['method'][K]>;
};
