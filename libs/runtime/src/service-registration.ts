// A proto service together with its handlers, as the runtime hands it to the RPC servers.
import type { DescService } from '@bufbuild/protobuf';
import type { ServiceHandlers } from '@parley/rpc';

export interface ServiceRegistration {
  readonly service: DescService;
  readonly handlers: ServiceHandlers<DescService>;
}

/** Pairs a service with its handlers; the handlers are checked against the service. */
export const register = <S extends DescService>(
  service: S,
  handlers: ServiceHandlers<S>,
): ServiceRegistration => ({
  service,
  handlers: handlers as unknown as ServiceHandlers<DescService>,
});
