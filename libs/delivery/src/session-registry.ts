// The registry over coordination: one hash per user, one lease per gateway node.
// Entries of a node without a lease are not returned, and are removed when somebody comes across them.
import type { Coordination, Hash } from '@parley/coordination';
import { type AppId, ChatError, type Clock, ErrorCode, type NodeId, type UserId } from '@parley/kernel';
import { Platform } from '@parley/rpc';
import { DeadEntries } from './dead-entries.js';
import type { SessionRegistry } from './delivery.js';
import { LeaseBook } from './lease-book.js';
import { SESSIONS_PER_USER_MAX } from './limits.js';
import { NodeSessions } from './node-sessions.js';
import { readHashes } from './read-hashes.js';
import type { EndedSession, Session } from './session.js';
import { type SessionChangeKind, SessionChanges } from './session-changes.js';
import { decodeSession, encodeSession } from './session-text.js';

export interface SessionRegistryOptions {
  readonly coordination: Coordination;
  readonly clock: Clock;
}

/**
 * Answers may name a node for up to a second after its lease ended. Rejects with the codes of
 * Coordination; register also with OVERLOADED when the user has 64 live sessions.
 */
export const createSessionRegistry = (options: SessionRegistryOptions): SessionRegistry =>
  new CoordinatedRegistry(options);

const NONE: readonly Session[] = Object.freeze([]);

const keyOf = (appId: AppId, userId: UserId): string => `sessions:{${appId}:${userId}}`;

class CoordinatedRegistry implements SessionRegistry {
  readonly #coordination: Coordination;
  readonly #leases: LeaseBook;
  readonly #deadEntries: DeadEntries;
  readonly #changes: SessionChanges;
  readonly #nodeSessions: NodeSessions;

  constructor(options: SessionRegistryOptions) {
    this.#coordination = options.coordination;
    this.#leases = new LeaseBook(options.coordination, options.clock);
    this.#deadEntries = new DeadEntries(options.coordination, this.#leases);
    this.#changes = new SessionChanges(options.coordination);
    this.#nodeSessions = new NodeSessions(options.coordination);
  }

  register(appId: AppId, userId: UserId, session: Session): Promise<void> {
    return this.#register(appId, userId, { session, kind: 'came' });
  }

  registerAgain(appId: AppId, userId: UserId, session: Session): Promise<void> {
    return this.#register(appId, userId, { session, kind: 'back' });
  }

  async unregister(appId: AppId, userId: UserId, session: EndedSession): Promise<void> {
    const { connectionId, nodeId, isLogout = false, platform = Platform.UNSPECIFIED } = session;
    const removed = this.#coordination.hashDelete(keyOf(appId, userId), [connectionId]);
    const kind = isLogout ? 'logout' : 'lost';
    unawaited(this.#changes.notice({ appId, userId, kind, platform }));
    if (nodeId !== undefined) unawaited(this.#nodeSessions.remove(nodeId, connectionId));
    await removed;
  }

  async sessionsOf(appId: AppId, userId: UserId): Promise<readonly Session[]> {
    const [sessions] = await this.sessionsOfMany(appId, [userId]);
    return sessions ?? NONE;
  }

  async sessionsOfMany(appId: AppId, userIds: readonly UserId[]): Promise<readonly (readonly Session[])[]> {
    const keys = userIds.map((userId) => keyOf(appId, userId));
    const hashes = await readHashes(this.#coordination, keys);
    const registered = hashes.map(decodeHash);
    await this.#askAboutUnknown(registered);
    return registered.map((sessions, at) => this.#onlyLive(sessions, keys[at], hashes[at]));
  }

  async renewLease(nodeId: NodeId, ttlMs: number): Promise<boolean> {
    const wasHeld = await this.#leases.renew(nodeId, ttlMs);
    if (!wasHeld) await this.#nodeSessions.addNode(nodeId);
    return wasHeld;
  }

  dropLease(nodeId: NodeId): Promise<void> {
    return this.#leases.drop(nodeId);
  }

  /** What follows the session goes the same way behind it, in the same write where there is one. */
  async #register(
    appId: AppId,
    userId: UserId,
    { session, kind }: { session: Session; kind: SessionChangeKind },
  ): Promise<void> {
    const key = keyOf(appId, userId);
    const text = encodeSession(session);
    const known = await this.#coordination.hashGetAll(key);
    const isFull = Object.keys(known).length >= SESSIONS_PER_USER_MAX;
    if (isFull && !Object.hasOwn(known, session.connectionId)) await this.#makeRoom(key, known);
    const written = this.#coordination.hashSet(key, { [session.connectionId]: text });
    unawaited(this.#nodeSessions.add(appId, userId, session));
    unawaited(this.#changes.notice({ appId, userId, kind, platform: session.platform }));
    await written;
  }

  async #askAboutUnknown(registered: readonly (readonly Session[])[]): Promise<void> {
    let unknown: Set<NodeId> | undefined;
    for (const sessions of registered) {
      for (const { nodeId } of sessions) {
        if (this.#leases.isKnown(nodeId)) continue;
        unknown ??= new Set();
        unknown.add(nodeId);
      }
    }
    if (unknown !== undefined) await this.#leases.ask(unknown);
  }

  #onlyLive(
    sessions: readonly Session[],
    key: string | undefined,
    hash: Hash | undefined,
  ): readonly Session[] {
    if (sessions.every((session) => this.#leases.isLive(session.nodeId))) return sessions;
    const dead = sessions.filter((session) => !this.#leases.isLive(session.nodeId));
    if (key !== undefined && hash !== undefined) this.#deadEntries.removeLater(key, hash, dead.map(entryOf));
    return sessions.filter((session) => this.#leases.isLive(session.nodeId));
  }

  /** Before the limit counts, what is dead or unreadable goes. */
  async #makeRoom(key: string, known: Hash): Promise<void> {
    const sessions = decodeHash(known);
    await this.#askAboutUnknown([sessions]);
    const dead = sessions.filter((session) => !this.#leases.isLive(session.nodeId));
    if (dead.length > 0) await this.#deadEntries.remove(key, known, dead.map(entryOf));
    const readable = new Set<string>(sessions.map((session) => session.connectionId));
    const unreadable = Object.keys(known).filter((connectionId) => !readable.has(connectionId));
    if (unreadable.length > 0) await this.#coordination.hashDelete(key, unreadable);
    if (sessions.length - dead.length < SESSIONS_PER_USER_MAX) return;
    throw new ChatError(
      ErrorCode.OVERLOADED,
      `a user has at most ${SESSIONS_PER_USER_MAX} connections; close one and retry`,
    );
  }
}

/** A notice that is lost costs an event of presence; the session stands without it. */
function unawaited(notice: Promise<void>): void {
  notice.catch(() => undefined);
}

const entryOf = ({ connectionId, nodeId }: Session) => ({ field: connectionId, nodeId });

function decodeHash(hash: Hash): readonly Session[] {
  let sessions: Session[] | undefined;
  for (const connectionId in hash) {
    const session = decodeSession(connectionId, hash[connectionId] ?? '');
    if (session === undefined) continue;
    sessions ??= [];
    sessions.push(session);
  }
  return sessions ?? NONE;
}
