// A UserSig that also says what its user may do in one room.
import type { CreateUserSigOptions } from './creation.js';
import { createUserSig } from './hmac-scheme.js';
import { encodeRoomTicket } from './room-ticket.js';

export interface CreatePrivateMapKeyOptions extends Omit<CreateUserSigOptions, 'userbuf'> {
  /** A number names a numeric room, a text a string room. */
  readonly room: number | string;
  /** Bits of RoomPrivilege. */
  readonly privileges: number;
}

/**
 * The "PrivateMapKey" of the public libraries, signed by scheme 2.
 * @throws RangeError when an option is out of its range.
 */
export function createPrivateMapKey(options: CreatePrivateMapKeyOptions): string {
  const nowSeconds = options.nowSeconds ?? Math.floor(Date.now() / 1000);
  const userbuf = encodeRoomTicket({
    userId: options.userId,
    sdkAppId: options.sdkAppId,
    room: options.room,
    expiresAtS: nowSeconds + options.expireSeconds,
    privileges: options.privileges,
  });
  return createUserSig({ ...options, nowSeconds, userbuf });
}
