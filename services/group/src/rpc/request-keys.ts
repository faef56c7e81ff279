// Which group a request is about.
import { toGroupId } from '@parley/kernel';
import type { CallContext } from '@parley/rpc';
import type { GroupKey } from '../stores/group-store.js';
import { type Place, placeOf } from '../use-cases/topic-access.js';

/** @throws ChatError 10015 on an id that no group can have. */
export const keyOf = (
  { groupId }: { readonly groupId: string },
  { appId }: Pick<CallContext, 'appId'>,
): GroupKey => ({
  appId,
  groupId: toGroupId(groupId),
});

/** The same where a topic may be meant. */
export const placeIn = (request: { readonly groupId: string }, context: CallContext): Place =>
  placeOf(keyOf(request, context));
