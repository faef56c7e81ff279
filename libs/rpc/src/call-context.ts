// Who calls: the typed identity beside every request.
import {
  type AppId,
  ChatError,
  type ConnectionId,
  ErrorCode,
  type NodeId,
  toUserId,
  type UserId,
} from '@parley/kernel';
import { contextv1, optionsv1 } from '@parley/proto';

export const CallerRole = optionsv1.CallerRole;
export type CallerRole = optionsv1.CallerRole;
export const Platform = contextv1.Platform;
export type Platform = contextv1.Platform;

/** Identity and limits of one call. Made at a door, never from a request body. */
export interface CallContext {
  readonly appId: AppId;
  readonly userId: UserId;
  readonly role: CallerRole;
  readonly platform: Platform;
  readonly connectionId?: ConnectionId;
  readonly nodeId?: NodeId;
  readonly traceParent?: string;
  /** Absolute, by this process's clock, ms. Absent: the method's default applies. */
  readonly deadlineMs?: number;
  /** 0 for a first attempt. */
  readonly attempt: number;
  /** Of a repetition: when the first attempt began, absolute, by this process's clock, ms. Absent: unknown. Only what the caller says. */
  readonly firstAttemptAtMs?: number;
  /** Aborts when the caller gives up or the deadline passes. Name it when copying a context: `{...context}` may leave it out. */
  readonly signal?: AbortSignal;
}

/**
 * Whom the request acts for: users are always themselves; admins and services may name another.
 * @throws ChatError IDENTITY_CHECK_FAILED when a user names somebody else.
 */
export function actorOf(context: CallContext, named: string, code?: ErrorCode): UserId {
  if (named === '' || named === context.userId) return context.userId;
  if (context.role === CallerRole.USER) {
    throw new ChatError(ErrorCode.IDENTITY_CHECK_FAILED, 'a user may act only as itself');
  }
  return toUserId(named, code);
}

/** The context of a call that a service makes on its own account for an app. */
export function serviceContext(appId: AppId, userId: UserId): CallContext {
  return { appId, userId, role: CallerRole.SERVICE, platform: Platform.UNSPECIFIED, attempt: 0 };
}
