export { createDelivery, type DeliveryOptions } from './create-delivery.js';
export { gatewayNodeCodecs } from './deliver-codec.js';
export type {
  Delivery,
  PushTarget,
  Room,
  RoomRegistry,
  RoomsChange,
  RoomsChangeTarget,
  RoomTarget,
  SessionRegistry,
  Visitor,
} from './delivery.js';
export {
  PUSHES_WAITING_MAX,
  RECEIVERS_PER_PUSH_MAX,
  ROOMS_PER_CHANGE_MAX,
  SESSIONS_PER_USER_MAX,
  USERS_PER_ROOMS_CHANGE_MAX,
  VISITED_ROOMS_MAX,
  VISITORS_LISTED_MAX,
} from './limits.js';
export type { NodeClient } from './node-queue.js';
export { DeadNodeSweep, type DeadNodeSweepOptions } from './node-sessions.js';
export { createRoomRegistry, type RoomRegistryOptions } from './room-registry.js';
export type { EndedSession, Session } from './session.js';
export { type SessionChange, type SessionChangeKind, SessionChanges } from './session-changes.js';
export { createSessionRegistry, type SessionRegistryOptions } from './session-registry.js';
