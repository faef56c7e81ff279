export type { CreateUserSigOptions } from './creation.js';
export { createEcdsaUserSig } from './ecdsa-scheme.js';
export { createUserSig } from './hmac-scheme.js';
export {
  CLOCK_SKEW_S_DEFAULT,
  KEYS_TRIED_MAX,
  USER_SIG_CHARS_MAX,
  USER_SIG_JSON_BYTES_MAX,
} from './limits.js';
export {
  type InvalidUserSig,
  type ParsedEcdsaUserSig,
  type ParsedHmacUserSig,
  type ParsedUserSig,
  UserSigFailureCode,
} from './parsed-user-sig.js';
export { type CreatePrivateMapKeyOptions, createPrivateMapKey } from './private-map-key.js';
export { decodeRoomTicket, encodeRoomTicket, RoomPrivilege, type RoomTicket } from './room-ticket.js';
export { isPublicKey, isPublicKeyText, type UserSigKey } from './user-sig-key.js';
export {
  parseUserSig,
  type ValidUserSig,
  type VerifyUserSigOptions,
  verifyUserSig,
} from './verify-user-sig.js';
