// Who acts, and one result for each user that is named.
import { create } from '@bufbuild/protobuf';
import { type AppId, ChatError, ErrorCode, isUserId, mapBounded, type UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import { type Accounts, actorOf, type CallContext, CallerRole } from '@parley/rpc';
import { infoOf } from '../domain/deciding.js';
import { PAIRS_AT_ONCE } from '../domain/limits.js';

export interface Actor {
  readonly appId: AppId;
  readonly userId: UserId;
  /** Who is recorded as the one who did it. */
  readonly operator: string;
  /** An earlier attempt of the call may have done it. */
  readonly isRepetition: boolean;
}

/** @throws ChatError 30001 for a malformed UserID, 30003 for an account that does not exist. */
export async function actorFrom(accounts: Accounts, context: CallContext, named: string): Promise<Actor> {
  const userId = actorOf(context, named, ErrorCode.SNS_BAD_PARAMETER);
  const { appId, role } = context;
  const isThere = role === CallerRole.USER || (await accounts.existing(appId, [userId])).has(userId);
  if (!isThere) throw new ChatError(ErrorCode.SNS_ACCOUNT_NOT_FOUND, infoOf(ErrorCode.SNS_ACCOUNT_NOT_FOUND));
  return { appId, userId, operator: context.userId, isRepetition: context.attempt > 0 };
}

/** @throws ChatError 30001 for nobody or too many. */
export function checkCount(named: readonly unknown[], max: number): void {
  if (named.length < 1 || named.length > max) {
    throw new ChatError(ErrorCode.SNS_BAD_PARAMETER, `name 1 to ${max} users`);
  }
}

export const resultOf = (userId: string, code: ErrorCode, info = infoOf(code)): relationv1.RelationResult =>
  create(relationv1.RelationResultSchema, { userId, code, info });

/** What `work` makes of each user, in the order asked; who is named twice is worked on once. */
export async function eachUser(
  accounts: Accounts,
  actor: Actor,
  userIds: readonly string[],
  work: (peer: UserId, at: number) => Promise<ErrorCode>,
): Promise<relationv1.RelationResult[]> {
  const existing = await accounts.existing(actor.appId, userIds);
  const one = async (userId: string, at: number): Promise<relationv1.RelationResult> => {
    if (!isUserId(userId) || userId === actor.userId) return resultOf(userId, ErrorCode.SNS_BAD_PARAMETER);
    if (!existing.has(userId)) return resultOf(userId, ErrorCode.SNS_ACCOUNT_NOT_FOUND);
    try {
      return resultOf(userId, await work(userId, at));
    } catch (thrown) {
      const { code, info } = ChatError.from(thrown);
      return resultOf(userId, code, info);
    }
  };
  const results = await mapBounded([...new Set(userIds)], PAIRS_AT_ONCE, (userId) =>
    one(userId, userIds.indexOf(userId)),
  );
  const byUser = new Map(results.map((result) => [result.userId, result]));
  return userIds.map((userId) => byUser.get(userId) ?? resultOf(userId, ErrorCode.SNS_BAD_PARAMETER));
}
