export { actorOf, type CallContext, CallerRole, Platform, serviceContext } from './call-context.js';
export type { Client, MethodHandler, ServiceHandlers, Transport } from './transport.js';
