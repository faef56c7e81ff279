// FollowService over the use-cases; thin.
import { type AppId, ChatError, ErrorCode } from '@parley/kernel';
import type { followv1 } from '@parley/proto';
import { actorOf, type CallContext, type ServiceHandlers } from '@parley/rpc';
import type { ChangeFollows } from '../use-cases/change-follows.js';
import type { ReadFollows } from '../use-cases/read-follows.js';

export interface FollowUseCases {
  readonly changes: ChangeFollows;
  readonly reading: ReadFollows;
  readonly isOn: (appId: AppId) => boolean;
}

export function createFollowHandlers({
  changes,
  reading,
  isOn,
}: FollowUseCases): ServiceHandlers<typeof followv1.FollowService> {
  /** @throws ChatError 30005, 30001 for an actor that is none. */
  const actor = (context: CallContext, named: string) => {
    requireOn(context);
    return actorOf(context, named, ErrorCode.SNS_BAD_PARAMETER);
  };
  const requireOn = ({ appId }: CallContext): void => {
    if (!isOn(appId)) throw new ChatError(ErrorCode.FOLLOW_OFF, 'the app has follow switched off');
  };
  return {
    follow: async ({ userId, peers }, context) => ({
      results: await changes.follow(context.appId, actor(context, userId), peers),
    }),
    unfollow: async ({ userId, peers }, context) => ({
      results: await changes.unfollow(context.appId, actor(context, userId), peers),
    }),
    checkFollows: async ({ userId, peers }, context) => ({
      checks: await reading.check(context.appId, actor(context, userId), peers),
    }),
    listFollows: async (request, context) =>
      reading.list(context.appId, actor(context, request.userId), request),
    getFollowInfo: async ({ userIds }, context) => {
      requireOn(context);
      return { infos: await reading.infos(context.appId, userIds) };
    },
  };
}
