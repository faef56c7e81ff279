export { describeWithEngine, whyUnreachable } from './describe-with-engine.js';
export { type EngineName, engineAddress, type HostAndPort, parseAddress } from './engine-address.js';
export { flushRedis, OwnEngine } from './own-engine.js';
