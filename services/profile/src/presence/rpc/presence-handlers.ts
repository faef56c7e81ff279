// PresenceService over the use-cases; thin.
import { type AppId, ChatError, ErrorCode } from '@parley/kernel';
import type { presencev1 } from '@parley/proto';
import type { CallContext, ServiceHandlers } from '@parley/rpc';
import type { GetStatuses } from '../use-cases/get-statuses.js';
import type { SetSelfStatus } from '../use-cases/set-self-status.js';
import type { Subscriptions } from '../use-cases/subscriptions.js';

export interface PresenceUseCases {
  readonly setSelfStatus: SetSelfStatus;
  readonly getStatuses: GetStatuses;
  readonly subscriptions: Subscriptions;
  readonly isOn: (appId: AppId) => boolean;
}

export function createPresenceHandlers({
  setSelfStatus,
  getStatuses,
  subscriptions,
  isOn,
}: PresenceUseCases): ServiceHandlers<typeof presencev1.PresenceService> {
  const requireOn = ({ appId }: CallContext): void => {
    if (isOn(appId)) return;
    throw new ChatError(ErrorCode.USER_STATUS_OFF, 'the app does not have user status switched on');
  };
  return {
    setSelfStatus: async ({ customStatus }, context) => {
      requireOn(context);
      return { status: await setSelfStatus.run(customStatus, context) };
    },
    getUserStatuses: async ({ userIds }, context) => {
      requireOn(context);
      return { results: await getStatuses.run(context.appId, userIds) };
    },
    subscribeStatuses: async ({ userIds }, context) => {
      requireOn(context);
      return { failed: await subscriptions.subscribe(context.appId, context.userId, userIds) };
    },
    unsubscribeStatuses: async ({ userIds }, context) => {
      requireOn(context);
      await subscriptions.unsubscribe(context.appId, context.userId, userIds);
      return {};
    },
  };
}
