// A service of which a test needs some methods.
import type { DescService } from '@bufbuild/protobuf';
import type { ServiceHandlers } from '../transport.js';

/** The handlers given; every other method fails the call. */
export function only<S extends DescService>(
  contract: S,
  handlers: Partial<ServiceHandlers<S>>,
): ServiceHandlers<S> {
  const unused = () => Promise.reject(new Error('not in this test'));
  return {
    ...Object.fromEntries(contract.methods.map((method) => [method.localName, unused])),
    ...handlers,
  } as ServiceHandlers<S>;
}
