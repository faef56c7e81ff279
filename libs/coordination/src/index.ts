export type {
  ChannelSubscription,
  Coordination,
  Hash,
  LeasedSeed,
  Life,
  Reservation,
  ReserveOptions,
} from './coordination.js';
export {
  COUNTER_IDLE_MS,
  COUNTER_MAX,
  HASHES_PER_READ_MAX,
  KEY_BYTES_MAX,
  MEMBERS_MAX,
  VALUE_BYTES_MAX,
} from './limits.js';
export {
  createMemoryCoordination,
  MEMORY_BYTES_MAX_DEFAULT,
  type MemoryCoordination,
  type MemoryCoordinationOptions,
  type MemoryUse,
} from './memory/memory-coordination.js';
