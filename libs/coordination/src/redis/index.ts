export { probeRedis, type RedisFacts } from './probe-redis.js';
export { createRedisCoordination } from './redis-coordination.js';
export type { RedisCoordinationOptions } from './redis-options.js';
