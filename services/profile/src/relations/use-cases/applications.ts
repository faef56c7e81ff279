// Requests that wait for an answer.
import { clone, create } from '@bufbuild/protobuf';
import { type Clock, ErrorCode, toUserId, type UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { Accounts, CallContext } from '@parley/rpc';
import type { HeadRegister } from '../changing/head-register.js';
import { versionsOf } from '../changing/list-versions.js';
import type { Decide, PairRegister } from '../changing/pair-register.js';
import {
  decideAccept,
  decideDeleteApplication,
  decideRefuse,
  refusalOf,
  repeated,
} from '../domain/deciding.js';
import { checkTexts } from '../domain/fields.js';
import { APPLICATIONS_MAX, FRIENDS_MAX } from '../domain/limits.js';
import { pairOf } from '../domain/pair.js';
import { type ListRow, type ListStore, requestOf } from '../stores/list-store.js';
import { actorFrom, checkCount, eachUser } from './each-user.js';

const { Direction, RelationKind } = relationv1;

export interface ApplicationsDeps {
  readonly register: PairRegister;
  readonly heads: HeadRegister;
  readonly lists: ListStore;
  readonly accounts: Accounts;
  readonly clock: Clock;
}

export class Applications {
  constructor(private readonly deps: ApplicationsDeps) {}

  async list({ userId: named }: relationv1.ListApplicationsRequest, context: CallContext) {
    const { accounts, heads, lists } = this.deps;
    const { appId, userId } = await actorFrom(accounts, context, named);
    const head = await heads.get(appId, userId);
    const [received, sent] = await Promise.all([
      lists.all(appId, userId, RelationKind.RECEIVED),
      lists.all(appId, userId, RelationKind.SENT),
    ]);
    const applications = [
      ...received.map((row) => toApplication(row, Direction.RECEIVED)),
      ...sent.map((row) => toApplication(row, Direction.SENT)),
    ].sort((a, b) => Number(b.timeMs - a.timeMs));
    const unread = applications.filter(
      ({ direction, timeMs }) => direction === Direction.RECEIVED && timeMs > head.applicationsReadMs,
    );
    return {
      applications,
      versions: versionsOf(head),
      unreadCount: unread.length,
      readMs: head.applicationsReadMs,
    };
  }

  /** @throws ChatError 30614, 30010, 30014. */
  async accept(request: relationv1.AcceptApplicationRequest, context: CallContext): Promise<void> {
    const { lists, clock } = this.deps;
    const { addsBack, remark } = request;
    checkTexts({ remark });
    const nowMs = clock.now();
    const own = create(relationv1.FriendEntrySchema, {
      remark,
      addTimeS: Math.floor(nowMs / 1_000),
      storedMs: BigInt(nowMs),
    });
    const { appId } = context;
    const hasRoom = async (userId: UserId) =>
      (await lists.all(appId, userId, RelationKind.FRIEND, FRIENDS_MAX)).length < FRIENDS_MAX;
    await this.#answer(request, context, (userId, peer) => async (sides) => {
      const room = {
        ownFriend: !addsBack || sides.mine.friend !== undefined || (await hasRoom(userId)),
        peerFriend: sides.theirs.friend !== undefined || (await hasRoom(peer)),
        request: true,
      };
      const isRepetition = context.attempt > 0 && sides.theirs.friend !== undefined;
      const decision = decideAccept(sides, own, { addsBack }, room);
      return repeated(decision, isRepetition, ErrorCode.SNS_APPLICATION_NOT_FOUND);
    });
  }

  /** @throws ChatError 30614 */
  refuse(request: relationv1.RefuseApplicationRequest, context: CallContext): Promise<void> {
    return this.#answer(request, context, () => (sides) => {
      const isRepetition = context.attempt > 0 && sides.theirs.friend === undefined;
      return repeated(decideRefuse(sides), isRepetition, ErrorCode.SNS_APPLICATION_NOT_FOUND);
    });
  }

  /** @throws ChatError 30001, 30003. */
  async delete(
    { userId: named, userIds, direction }: relationv1.DeleteApplicationsRequest,
    context: CallContext,
  ): Promise<relationv1.RelationResult[]> {
    const { register, accounts } = this.deps;
    checkCount(userIds, APPLICATIONS_MAX);
    if (direction === Direction.UNSPECIFIED) throw refusalOf(ErrorCode.SNS_BAD_PARAMETER);
    const actor = await actorFrom(accounts, context, named);
    const { appId, userId } = actor;
    return eachUser(accounts, actor, userIds, (peer) =>
      register.change(pairOf(appId, userId, peer), userId, actor, (sides) =>
        repeated(
          decideDeleteApplication(sides, direction === Direction.SENT),
          actor.isRepetition,
          ErrorCode.SNS_APPLICATION_TO_DELETE_NOT_FOUND,
        ),
      ),
    );
  }

  async markRead(
    { userId: named }: relationv1.MarkApplicationsReadRequest,
    context: CallContext,
  ): Promise<relationv1.ListVersions> {
    const { accounts, heads, lists, clock } = this.deps;
    const { appId, userId } = await actorFrom(accounts, context, named);
    const received = await lists.all(appId, userId, RelationKind.RECEIVED);
    let newest = 0n;
    for (const row of received) {
      const { storedMs } = requestOf(row);
      if (storedMs > newest) newest = storedMs;
    }
    // The clock of whoever stored a request may be ahead of this one.
    const now = BigInt(clock.now());
    const readMs = newest > now ? newest : now;
    const head = await heads.change(appId, userId, 'read', (seen) => {
      if (newest <= seen.applicationsReadMs) return seen;
      const next = clone(relationv1.RelationHeadSchema, seen);
      next.applicationsReadMs = readMs;
      return next;
    });
    return versionsOf(head);
  }

  async #answer(
    { userId: named, from }: { readonly userId: string; readonly from: string },
    context: CallContext,
    decideFor: (userId: UserId, peer: UserId) => Decide,
  ): Promise<void> {
    const { register, accounts } = this.deps;
    const actor = await actorFrom(accounts, context, named);
    const { appId, userId } = actor;
    const peer = toUserId(from, ErrorCode.SNS_BAD_PARAMETER);
    if (peer === userId) throw refusalOf(ErrorCode.SNS_BAD_PARAMETER);
    const code = await register.change(pairOf(appId, userId, peer), userId, actor, decideFor(userId, peer));
    if (code !== ErrorCode.UNSPECIFIED) throw refusalOf(code);
  }
}

export function toApplication(row: ListRow, direction: relationv1.Direction): relationv1.Application {
  const { addSource, addWording, storedMs } = requestOf(row);
  return create(relationv1.ApplicationSchema, {
    ...{ userId: row.peer, direction, addSource, addWording },
    timeMs: storedMs,
  });
}
