// Whom a user does not want to hear of.
import { create } from '@bufbuild/protobuf';
import { type Clock, ErrorCode } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { Accounts, CallContext } from '@parley/rpc';
import type { HeadRegister } from '../changing/head-register.js';
import { versionsOf } from '../changing/list-versions.js';
import type { PairRegister } from '../changing/pair-register.js';
import { decideBlock, decideUnblock, repeated } from '../domain/deciding.js';
import { BLOCKED_MAX, USERS_PER_CALL_MAX } from '../domain/limits.js';
import { pairOf } from '../domain/pair.js';
import { blockOf, type ListRow, type ListStore } from '../stores/list-store.js';
import { actorFrom, checkCount, eachUser } from './each-user.js';
import { pageOf } from './page.js';
import { Quota } from './quota.js';

const { RelationKind } = relationv1;

export interface BlocklistDeps {
  readonly register: PairRegister;
  readonly heads: HeadRegister;
  readonly lists: ListStore;
  readonly accounts: Accounts;
  readonly clock: Clock;
}

export class Blocklist {
  constructor(private readonly deps: BlocklistDeps) {}

  /** @throws ChatError 30001, 30003. */
  async add(
    { userId: named, userIds }: relationv1.AddToBlocklistRequest,
    context: CallContext,
  ): Promise<relationv1.RelationResult[]> {
    const { register, accounts, lists, clock } = this.deps;
    checkCount(userIds, USERS_PER_CALL_MAX);
    const actor = await actorFrom(accounts, context, named);
    const { appId, userId } = actor;
    const quota = new Quota(lists, { appId, userId, kind: RelationKind.BLOCKED, max: BLOCKED_MAX });
    const nowMs = clock.now();
    return eachUser(accounts, actor, userIds, (peer) =>
      register.change(pairOf(appId, userId, peer), userId, actor, async (sides) => {
        const hasRoom = sides.mine.blocked !== undefined || (await quota.take(peer));
        const decision = decideBlock(sides, nowMs, hasRoom);
        return repeated(decision, actor.isRepetition, ErrorCode.SNS_BAD_PARAMETER);
      }),
    );
  }

  /** @throws ChatError 30001, 30003. */
  async remove(
    { userId: named, userIds }: relationv1.RemoveFromBlocklistRequest,
    context: CallContext,
  ): Promise<relationv1.RelationResult[]> {
    const { register, accounts } = this.deps;
    checkCount(userIds, USERS_PER_CALL_MAX);
    const actor = await actorFrom(accounts, context, named);
    const { appId, userId } = actor;
    return eachUser(accounts, actor, userIds, (peer) =>
      register.change(pairOf(appId, userId, peer), userId, actor, decideUnblock),
    );
  }

  async list(request: relationv1.ListBlocklistRequest, context: CallContext) {
    const { accounts, heads, lists } = this.deps;
    const { appId, userId } = await actorFrom(accounts, context, request.userId);
    // First the version, then the rows: the list may be newer than it says, never older.
    const versions = versionsOf(await heads.get(appId, userId));
    const isKnown = request.blocklistVersion !== 0n && request.blocklistVersion === versions.blocklist;
    if (isKnown) return { blocked: [], versions, nextIndex: 0 };
    const rows = await lists.all(appId, userId, RelationKind.BLOCKED);
    const { page, nextIndex } = pageOf(rows, request, ErrorCode.SNS_BAD_PARAMETER);
    return { blocked: page.map(toBlocked), versions, nextIndex };
  }
}

export const toBlocked = (row: ListRow): relationv1.Blocked =>
  create(relationv1.BlockedSchema, {
    userId: row.peer,
    blockTimeS: Math.floor(Number(blockOf(row).storedMs) / 1_000),
  });
