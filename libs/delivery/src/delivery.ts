// The port between services and live connections.
import type { AppId, ConnectionId, GroupId, NodeId, UserId } from '@parley/kernel';
import type { EndedSession, Session } from './session.js';

/**
 * Who is connected where. State lives in coordination and can be rebuilt: each
 * gateway node holds a lease and re-registers its sessions when the registry lost them.
 * Sessions of a node without a lease are not returned.
 */
export interface SessionRegistry {
  /** Notices (see SessionChanges) that the user came; nobody waits for that. */
  register(appId: AppId, userId: UserId, session: Session): Promise<void>;
  /** A session that the registry lost: nobody came. */
  registerAgain(appId: AppId, userId: UserId, session: Session): Promise<void>;
  /** Notices that the user left. */
  unregister(appId: AppId, userId: UserId, session: EndedSession): Promise<void>;
  sessionsOf(appId: AppId, userId: UserId): Promise<readonly Session[]>;
  /** In the order asked. */
  sessionsOfMany(appId: AppId, userIds: readonly UserId[]): Promise<readonly (readonly Session[])[]>;
  /** Keeps the node's sessions alive for `ttlMs`. False when the lease had been lost: register every session again. */
  renewLease(nodeId: NodeId, ttlMs: number): Promise<boolean>;
  dropLease(nodeId: NodeId): Promise<void>;
}

/** The connections of a group's members, or of a live group's visitors. */
export interface Room {
  readonly appId: AppId;
  readonly groupId: GroupId;
}

/**
 * Which gateway nodes have connections in a room. State lives in coordination and can be rebuilt, under the
 * leases of SessionRegistry: rooms of a node without a lease are not returned, and a node whose
 * lease had been lost registers every room again.
 */
export interface RoomRegistry {
  /**
   * A node is registered once, however often this is called. `people`: how many users the node has in the
   * room; said again it is replaced.
   */
  register(room: Room, nodeId: NodeId, people?: number): Promise<void>;
  unregister(room: Room, nodeId: NodeId): Promise<void>;
  /** In the order asked. */
  nodesOfMany(rooms: readonly Room[]): Promise<readonly (readonly NodeId[])[]>;
  /** The sum of what its live nodes said last; a node that never said a number counts as none. */
  countPeople(room: Room): Promise<number>;
}

/** Where a push goes. */
export interface PushTarget {
  readonly appId: AppId;
  readonly userIds: readonly UserId[];
  /** This connection does not get it (it made the change itself). */
  readonly exceptConnectionId?: ConnectionId;
}

/** Where a push to a room goes. */
export interface RoomTarget extends Room {
  /** In the room, but does not get it. */
  readonly exceptConnectionId?: ConnectionId;
}

/** Rooms of the users' app that their connections come into and leave. */
export interface RoomsChange {
  readonly enter: readonly GroupId[];
  readonly leave: readonly GroupId[];
  /** Gateways keep the registry told how many people are in the rooms that are entered. */
  readonly countsPeople?: boolean;
}

/** Whose connections change rooms. */
export interface RoomsChangeTarget {
  readonly appId: AppId;
  readonly userIds: readonly UserId[];
}

/** Who is in a room, and since when. */
export interface Visitor {
  readonly userId: UserId;
  readonly sinceMs: number;
}

/**
 * Brings pushes to live connections. Collects what is pushed in one turn and
 * sends each gateway node one batch. Pushes of one caller keep their order per
 * connection, those to users and those to rooms alike. Resolves when every node answered; a node that does
 * not answer rejects it (the delivery repair will try again). At most once per call and
 * connection; receivers de-duplicate by seq. At most 10,000 pushes wait; beyond
 * that it rejects with OVERLOADED.
 */
export interface Delivery {
  /** `push` is an encoded parley.wire.v1.Push. */
  push(target: PushTarget, push: Uint8Array): Promise<void>;
  /** To every connection in the room, on whatever node; counts as one receiver. */
  pushToRoom(target: RoomTarget, push: Uint8Array): Promise<void>;
  /**
   * Resolves when what is pushed to the rooms from now on reaches, or no longer reaches, all connections
   * that the users had when it was called. Rejects when a node did not confirm it, after all others were asked; repeating
   * it is safe. At most 10,000 users and 1,000 rooms. It overtakes pushes that wait: await those that must come before.
   */
  changeRooms(target: RoomsChangeTarget, change: RoomsChange): Promise<void>;
  /**
   * Those who are in the room now, with whatever connection; in the order asked, each once. Rejects when a node
   * did not answer. At most 10,000 users.
   */
  usersInRoom(room: Room, userIds: readonly UserId[]): Promise<readonly UserId[]>;
  /**
   * The newest visitors of a room whose people are counted: who came last comes first, each once. Rejects when a node
   * did not answer. At most 1,000.
   */
  visitorsOf(room: Room): Promise<readonly Visitor[]>;
  /**
   * The rooms whose people are counted and that the user is in with whatever connection. Rejects when a node did not
   * answer. At most 1,000.
   */
  roomsVisitedBy(appId: AppId, userId: UserId): Promise<readonly GroupId[]>;
  /** Ends connections with a Bye. See parley.wire.v1.Bye for the code's ranges. */
  disconnect(sessions: readonly Session[], code: number, reason: string): Promise<void>;
}
