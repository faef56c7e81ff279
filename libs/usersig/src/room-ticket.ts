// The userbuf of a room permission ticket ("PrivateMapKey"), big-endian.
// Source: client-features, section 3.2.

/** Bits of {@link RoomTicket.privileges}. */
export const RoomPrivilege = {
  CREATE: 1,
  JOIN: 2,
  SEND_AUDIO: 4,
  RECEIVE_AUDIO: 8,
  SEND_VIDEO: 16,
  RECEIVE_VIDEO: 32,
  SEND_SCREEN: 64,
  RECEIVE_SCREEN: 128,
  ALL: 255,
} as const;

export interface RoomTicket {
  readonly userId: string;
  readonly sdkAppId: number;
  /** A number names a numeric room, a text a string room. */
  readonly room: number | string;
  /** Seconds since the UNIX epoch. */
  readonly expiresAtS: number;
  readonly privileges: number;
}

const VERSION_NUMERIC = 0;
const VERSION_TEXT = 1;
const HEAD_BYTES = 3;
const FIXED_BYTES = 20;
const TEXT_BYTES_MAX = 0xffff;
const ACCOUNT_TYPE = 0;

/**
 * The bytes to sign as `userbuf`.
 * @throws RangeError when a number is no unsigned 32-bit integer or a text exceeds 65,535 bytes.
 */
export function encodeRoomTicket(ticket: RoomTicket): Uint8Array {
  const account = textBytes(ticket.userId);
  const room = typeof ticket.room === 'string' ? textBytes(ticket.room) : undefined;
  const bytes = Buffer.alloc(HEAD_BYTES + account.length + FIXED_BYTES + (room ? 2 + room.length : 0));
  bytes.writeUInt8(room ? VERSION_TEXT : VERSION_NUMERIC, 0);
  bytes.writeUInt16BE(account.length, 1);
  account.copy(bytes, HEAD_BYTES);
  const numbers = [
    ticket.sdkAppId,
    typeof ticket.room === 'number' ? ticket.room : 0,
    ticket.expiresAtS,
    ticket.privileges,
    ACCOUNT_TYPE,
  ];
  let at = HEAD_BYTES + account.length;
  for (const number of numbers) at = bytes.writeUInt32BE(number, at);
  if (room) room.copy(bytes, bytes.writeUInt16BE(room.length, at));
  return bytes;
}

/** Reads what encodeRoomTicket writes; undefined when the bytes are anything else. */
export function decodeRoomTicket(userbuf: Uint8Array): RoomTicket | undefined {
  const bytes = Buffer.from(userbuf.buffer, userbuf.byteOffset, userbuf.byteLength);
  if (bytes.length < HEAD_BYTES + FIXED_BYTES) return undefined;
  const version = bytes.readUInt8(0);
  const at = HEAD_BYTES + bytes.readUInt16BE(1);
  const fixedEnd = at + FIXED_BYTES;
  if (version > VERSION_TEXT || bytes.length < fixedEnd) return undefined;
  const head = {
    userId: bytes.toString('utf8', HEAD_BYTES, at),
    sdkAppId: bytes.readUInt32BE(at),
    expiresAtS: bytes.readUInt32BE(at + 8),
    privileges: bytes.readUInt32BE(at + 12),
  };
  if (version === VERSION_NUMERIC) {
    return bytes.length === fixedEnd ? { ...head, room: bytes.readUInt32BE(at + 4) } : undefined;
  }
  if (bytes.length < fixedEnd + 2 || bytes.length !== fixedEnd + 2 + bytes.readUInt16BE(fixedEnd)) {
    return undefined;
  }
  return { ...head, room: bytes.toString('utf8', fixedEnd + 2) };
}

function textBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > TEXT_BYTES_MAX) throw new RangeError(`a text exceeds ${TEXT_BYTES_MAX} bytes`);
  return bytes;
}
