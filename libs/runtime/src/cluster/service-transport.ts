// Every call of a process finds its way here: to a handler in this process if there is one,
// otherwise to a replica of the service that owns the method.
import type { DescMethod } from '@bufbuild/protobuf';
import type { CallContext, Router, Transport } from '@parley/rpc';
import { methodPolicy } from '@parley/rpc';

export interface ServiceTransportOptions {
  readonly router: Router;
  readonly local: Transport;
  /** The way to the owner of a proto service, by its full name. */
  readonly remoteOf: (protoService: string) => Transport | undefined;
}

export class ServiceTransport implements Transport {
  constructor(private readonly options: ServiceTransportOptions) {}

  call(method: DescMethod, request: Uint8Array, context: CallContext): Promise<Uint8Array> {
    const { router, local, remoteOf } = this.options;
    const remote = router.find(methodPolicy(method).fullName) ? undefined : remoteOf(method.parent.typeName);
    // What nobody serves is answered here, as unknown.
    return (remote ?? local).call(method, request, context);
  }

  /** Its parts are closed by whoever made them. */
  async close(): Promise<void> {}
}
