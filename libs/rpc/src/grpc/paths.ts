// Names on the gRPC wire.
import type { DescMethod } from '@bufbuild/protobuf';
import { rpcv1 } from '@parley/proto';
import { methodPolicy } from '../method-policy.js';

export const EXCHANGE_PATH = `/${rpcv1.BatchService.typeName}/${rpcv1.BatchService.method.exchange.name}`;

export const unaryPath = (method: DescMethod): string => `/${methodPolicy(method).fullName}`;

/** An encoded parley.context.v1.CallContext. */
export const CONTEXT_METADATA = 'parley-context-bin';
/** An encoded parley.rpc.v1.ExchangeResponse with the one failure; in the trailers. */
export const FAILURE_METADATA = 'parley-failure-bin';
