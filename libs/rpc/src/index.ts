export { Accounts } from './accounts.js';
export {
  type BalancedTransport,
  createBalancedTransport,
  type Endpoint,
  type EndpointTransport,
} from './balanced-transport.js';
export { CALLS_IN_FLIGHT_MAX, REQUEST_BYTES_IN_FLIGHT_MAX } from './call-budget.js';
export { actorOf, type CallContext, CallerRole, Platform, serviceContext } from './call-context.js';
export { createClient } from './client.js';
export { createInProcessTransport, type InProcessTransportOptions } from './in-process-transport.js';
export { ERROR_INFO_CHARS_MAX, RPC_MESSAGE_BYTES_MAX } from './limits.js';
export {
  DEADLINE_MS_DEFAULT,
  type MethodPolicy,
  methodPolicy,
  RateClass,
  sdkMethodTable,
} from './method-policy.js';
export { type RetryOptions, withRetry } from './retry.js';
export { createRouter, type Router } from './router.js';
export { TimerWheel, WHEEL_TICK_MS, WheelEntry } from './timer-wheel.js';
export type {
  Client,
  MethodCodec,
  MethodHandler,
  ServiceCodecs,
  ServiceHandlers,
  Transport,
} from './transport.js';
