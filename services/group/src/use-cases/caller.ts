// Who asks, as every use-case takes it.
import { type AppId, type ConnectionId, isUserId, type UserId } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { actorOf, type CallContext, CallerRole } from '@parley/rpc';
import type { GroupView } from '../changing/group-view.js';
import { type Actor, decideAs } from '../domain/member-rights.js';
import type { ActorRole, Operation } from '../domain/policy.js';
import { badParameter, refuse } from '../domain/refusals.js';

export interface Caller {
  readonly appId: AppId;
  readonly userId: UserId;
  /** An app's back end, or a service: owner-level rights everywhere. */
  readonly isBackEnd: boolean;
  readonly connectionId: ConnectionId | undefined;
  readonly isRetry: boolean;
  readonly context: CallContext;
}

export const callerOf = (context: CallContext): Caller => ({
  appId: context.appId,
  userId: context.userId,
  isBackEnd: context.role !== CallerRole.USER,
  connectionId: context.connectionId,
  isRetry: context.attempt > 0,
  context,
});

/** The letter of a policy row for the caller. */
export const roleIn = (view: GroupView, caller: Caller): Promise<ActorRole> =>
  caller.isBackEnd ? Promise.resolve('X') : view.actorRole(caller.userId);

/** The same with the rights that bind the caller, also those in the topic, if one is meant. */
export const actorIn = (view: GroupView, caller: Caller, topic?: groupv1.TopicRow): Promise<Actor> =>
  caller.isBackEnd ? Promise.resolve({ role: 'X' }) : view.actor(caller.userId, topic);

/** The caller's role. @throws ChatError when the type's row, or the caller's rights, do not allow the operation. */
export async function requireOperation(
  view: GroupView,
  caller: Caller,
  operation: Operation,
): Promise<ActorRole> {
  const actor = await actorIn(view, caller);
  refuse(decideAs(view.policy, actor, operation));
  return actor.role;
}

/** Who is named as having done it: a user is itself; a back end may name somebody, or nobody. */
export function operatorOf(caller: Caller, named = ''): string {
  if (!caller.isBackEnd) return caller.userId;
  if (named !== '' && !isUserId(named)) throw badParameter('the operator is no UserID');
  return named;
}

/** The user that a read is about: users are themselves, back ends name somebody. */
export const subjectUser = (caller: Caller, named: string): UserId => actorOf(caller.context, named);

/** Distinct UserIDs. @throws ChatError 10004 when one is none. */
export function toUserIds(named: readonly string[]): UserId[] {
  const users = [...new Set(named)];
  for (const user of users)
    if (!isUserId(user)) throw badParameter('a UserID has 1 to 32 bytes of printable ASCII');
  return users as UserId[];
}
