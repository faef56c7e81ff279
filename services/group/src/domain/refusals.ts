// The refusals of this service that more than one place says.
import { ChatError, ErrorCode } from '@parley/kernel';

export const badParameter = (info: string): ChatError => new ChatError(ErrorCode.GROUP_BAD_PARAMETER, info);
export const groupNotFound = (): ChatError =>
  new ChatError(ErrorCode.GROUP_NOT_FOUND, 'the group does not exist');
export const notPermitted = (info: string): ChatError => new ChatError(ErrorCode.GROUP_NO_PERMISSION, info);
export const notMember = (): ChatError => notPermitted('the account is no member of the group');
export const groupFull = (): ChatError =>
  new ChatError(ErrorCode.GROUP_FULL, 'the group has as many members as it may have');

export const topicNotFound = (): ChatError =>
  new ChatError(ErrorCode.TOPIC_DELETED, 'the topic does not exist, or no longer');

/** @param wasThere whether a permission group had the id. */
export const permissionGroupNotFound = (wasThere: boolean): ChatError =>
  wasThere
    ? new ChatError(ErrorCode.PERMISSION_GROUP_DELETED, 'the permission group has been deleted')
    : new ChatError(ErrorCode.PERMISSION_GROUP_NOT_FOUND, 'there is no such permission group');

/** Throws when there is a code. */
export function refuse(code: ErrorCode | undefined, info = 'this is not permitted in this group'): void {
  if (code !== undefined) throw new ChatError(code, info);
}
