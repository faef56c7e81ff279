// The port between services and live connections.
import type { AppId, ConnectionId, NodeId, UserId } from '@parley/kernel';
import type { Session } from './session.js';

/**
 * Who is connected where. State lives in coordination and can be rebuilt: each
 * gateway node holds a lease and re-registers its sessions when the registry lost them.
 * Sessions of a node without a lease are not returned.
 */
export interface SessionRegistry {
  register(appId: AppId, userId: UserId, session: Session): Promise<void>;
  unregister(appId: AppId, userId: UserId, connectionId: ConnectionId): Promise<void>;
  sessionsOf(appId: AppId, userId: UserId): Promise<readonly Session[]>;
  /** In the order asked. */
  sessionsOfMany(appId: AppId, userIds: readonly UserId[]): Promise<readonly (readonly Session[])[]>;
  /** Keeps the node's sessions alive for `ttlMs`. False when the lease had been lost: register every session again. */
  renewLease(nodeId: NodeId, ttlMs: number): Promise<boolean>;
  dropLease(nodeId: NodeId): Promise<void>;
}

/** Where a push goes. */
export interface PushTarget {
  readonly appId: AppId;
  readonly userIds: readonly UserId[];
  /** This connection does not get it (it made the change itself). */
  readonly exceptConnectionId?: ConnectionId;
}

/**
 * Brings pushes to live connections. Collects what is pushed in one turn and
 * sends each gateway node one batch. Pushes of one caller keep their order per
 * connection. Resolves when every node answered; a node that does not answer
 * rejects it (the delivery repair will try again). At most once per call and
 * connection; receivers de-duplicate by seq. At most 10,000 pushes wait; beyond
 * that it rejects with OVERLOADED.
 */
export interface Delivery {
  /** `push` is an encoded parley.wire.v1.Push. */
  push(target: PushTarget, push: Uint8Array): Promise<void>;
  /** Ends connections with a Bye. See parley.wire.v1.Bye for the code's ranges. */
  disconnect(sessions: readonly Session[], code: number, reason: string): Promise<void>;
}
