// Changes of follows. What a user follows is decided by the compare-and-set of its own head, which also keeps what is left
// to do: its rows, and telling the peer. Whoever comes to that head next does it first, so no death leaves two users' rows
// apart for longer than until somebody looks.
//
//   own head (counts, edge, tell) ─▶ own rows ─▶ peer's head (counts, edge) ─▶ peer's rows ─▶ record ─▶ own head says: told
//
// Being told never needs the peer's own open tells: two users who follow each other at once do not wait for each other.
import { create, toBinary } from '@bufbuild/protobuf';
import type { EventLog } from '@parley/event-log';
import { type AppId, ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { followv1 } from '@parley/proto';
import { advance, type FollowHead } from '../domain/follow-head.js';
import { type FollowStore, headOf } from '../stores/follow-store.js';
import { followChangesTopic } from '../topics.js';

const ATTEMPTS_MAX = 32;

/** Answers the edge as it becomes; undefined leaves it. May throw. */
export type DecideEdge = (
  edge: followv1.FollowEdge,
  head: FollowHead,
) => followv1.FollowEdge | undefined | Promise<followv1.FollowEdge | undefined>;

interface Place {
  readonly appId: AppId;
  readonly userId: UserId;
}

export class FollowRegister {
  constructor(
    private readonly store: FollowStore,
    private readonly log: EventLog,
  ) {}

  /** Changes what a user follows. True: it changed, and both users' rows say so. @throws ChatError 30008, and what `decide` throws. */
  async changeOwn(place: Place, peer: UserId, decide: DecideEdge): Promise<boolean> {
    const changed = await this.#change(place, { peer, isOwn: true }, decide);
    await this.settle(place.appId, place.userId);
    return changed;
  }

  /** Does what is left of the user's last changes. Answers the head as it is then. */
  async settle(appId: AppId, userId: UserId): Promise<FollowHead> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const row = await this.store.getHead(appId, userId);
      const { openEdge, openTell, ...counts } = headOf(row);
      if (openEdge === undefined && openTell === undefined) return counts;
      await this.#finish({ appId, userId }, headOf(row));
      if (await this.store.replaceHead(appId, userId, { row, next: counts })) return counts;
    }
    throw tooFast();
  }

  async #finish(place: Place, head: FollowHead): Promise<void> {
    await this.#finishRows(place, head);
    if (head.openTell === undefined) return;
    await this.#tell(place, head.openTell);
    await this.#record(place, head.openTell);
  }

  async #record({ appId, userId }: Place, tell: followv1.FollowTell): Promise<void> {
    const { peer, atMs: followingAtMs, revision, isMutualChanged } = tell;
    const change = create(followv1.FollowChangeSchema, {
      ...{ appId, userId, peer, followingAtMs, revision, isMutualChanged },
    });
    const record = toBinary(followv1.FollowChangeSchema, change);
    await this.log.append(followChangesTopic, `${appId}/${userId}`, record);
  }

  async #finishRows({ appId, userId }: Place, { openEdge, revision }: FollowHead): Promise<void> {
    if (openEdge !== undefined) await this.store.putEdge(appId, userId, openEdge, revision);
  }

  async #change(
    place: Place,
    { peer, isOwn }: { peer: UserId; isOwn: boolean },
    decide: DecideEdge,
  ): Promise<boolean> {
    const { appId, userId } = place;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const row = await this.store.getHead(appId, userId);
      const head = headOf(row);
      // All rows up to this revision are written before there is a next one: what is read now holds while the head does.
      if (isOwn) await this.#finish(place, head);
      else await this.#finishRows(place, head);
      const [edge] = await this.store.getEdges(appId, userId, [peer]);
      if (edge === undefined) return false;
      const next = await decide(edge, head);
      if (next === undefined) return false;
      if (await this.store.replaceHead(appId, userId, { row, next: advance(head, edge, next) })) return true;
    }
    throw tooFast();
  }

  async #tell({ appId, userId }: Place, { peer, atMs, revision }: followv1.FollowTell): Promise<void> {
    const place = { appId, userId: peer as UserId };
    await this.#change(place, { peer: userId, isOwn: false }, (edge) => {
      if (edge.followerRevision >= revision) return undefined;
      return create(followv1.FollowEdgeSchema, { ...edge, followerAtMs: atMs, followerRevision: revision });
    });
    // Also when it was known before: whoever said it may have died before its rows.
    await this.#finishRows(place, headOf(await this.store.getHead(appId, place.userId)));
  }
}

const tooFast = (): ChatError =>
  new ChatError(ErrorCode.SNS_CONFLICT, 'the follows of one user change too fast; retry', {
    retryAfterMs: 200,
  });
