// A proto service together with its handlers, as the runtime hands it to the RPC servers.
import type { DescService } from '@bufbuild/protobuf';
import type { ServiceCodecs, ServiceHandlers } from '@parley/rpc';

export interface ServiceRegistration {
  readonly service: DescService;
  readonly handlers: ServiceHandlers<DescService>;
  readonly codecs: ServiceCodecs<DescService>;
}

/** Pairs a service with its handlers; the handlers are checked against the service. */
export const register = <S extends DescService>(
  service: S,
  handlers: ServiceHandlers<S>,
  codecs: ServiceCodecs<S> = {},
): ServiceRegistration => ({
  service,
  handlers: handlers as unknown as ServiceHandlers<DescService>,
  codecs: codecs as unknown as ServiceCodecs<DescService>,
});
