// One client's connection: flat state, no behaviour and no closures, because a node
// holds a hundred thousand of them.
//
//   greeting ──Hello──▶ logging-in ──ok──▶ open ──▶ closing ──▶ closed
//      │                    │               (Bye sent)  (socket gone)
//      └────────────────────┴──refused, late, malformed──▶ closing
import type { AppId, ConnectionId, UserId } from '@parley/kernel';
import { Platform } from '@parley/rpc';
import type { WheelEntry } from '../domain/deadline-wheel.js';
import type { LocalRoom } from '../rooms/local-room.js';
import type { ClientSocket } from './client-socket.js';
import type { EndReason } from './end-reason.js';

export const ConnectionState = {
  GREETING: 0,
  LOGGING_IN: 1,
  OPEN: 2,
  CLOSING: 3,
  CLOSED: 4,
} as const;
export type ConnectionState = (typeof ConnectionState)[keyof typeof ConnectionState];

/** Token buckets of a connection: one per rate class, and all frames at index 0. */
export const RATE_BUCKETS = 4;
export const FRAMES_BUCKET = 0;

/** Shared by all that are in no room: RoomTable replaces them, and writes only to arrays of its own. */
const NO_ROOMS: LocalRoom[] = [];
const NO_PLACES: number[] = [];

export class Connection implements WheelEntry {
  readonly id: ConnectionId;
  readonly socket: ClientSocket;
  readonly openedAtMs: number;
  state: ConnectionState = ConnectionState.GREETING;
  /** Nobody before the login; see `state`. */
  appId = 0 as AppId;
  userId = '' as UserId;
  platform: Platform = Platform.UNSPECIFIED;
  instanceId = '';
  /** Login time. */
  sinceMs = 0;
  /** The registry may know it. */
  hasLoggedIn = false;
  /** End of the UserSig. */
  expiresAtMs = 0;
  heardAtMs: number;
  callsInFlight = 0;
  /** Request bytes of the calls in flight. */
  bytesInFlight = 0;
  /** A push came before the Welcome and was dropped. */
  missedPush = false;
  /** Was asked to go elsewhere. */
  isMoved = false;
  /** When each token bucket is full again; see domain/rate-limit. */
  readonly bucketsFullAtMs: number[] = new Array(RATE_BUCKETS).fill(0);
  /** Frames of this turn: none, one, or several. Owned by the outbox. */
  queued: Uint8Array | Uint8Array[] | undefined = undefined;
  queuedBytes = 0;
  /** Owned, as roomPlaces, by the RoomTable. */
  rooms: LocalRoom[] = NO_ROOMS;
  /** Its place among the members of the room at the same place. */
  roomPlaces: number[] = NO_PLACES;
  /** Why the gateway ended it; undefined while it lives, or when the client left. */
  endReason: EndReason | undefined = undefined;
  wheelSlot = -1;
  wheelNext: WheelEntry | undefined = undefined;
  wheelPrevious: WheelEntry | undefined = undefined;

  constructor(id: ConnectionId, socket: ClientSocket, nowMs: number) {
    this.id = id;
    this.socket = socket;
    this.openedAtMs = nowMs;
    this.heardAtMs = nowMs;
  }

  get isLive(): boolean {
    return this.state < ConnectionState.CLOSING;
  }
}
