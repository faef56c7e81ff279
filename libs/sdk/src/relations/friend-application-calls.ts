// Who asks to be a friend, and whom the user asks.
import { relationv1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { RELATION_METHOD } from '../calls/relation-method.js';
import { TYPES } from '../constants/types.js';
import { check, isText } from '../groups/checks.js';
import type { AcceptApplicationOptions, FriendApplicationList } from '../model/relation-sdk.js';
import { optionalText, requireFirst } from './relation-checks.js';
import type { RelationSync } from './relation-sync.js';
import type { RelationTeller } from './relation-teller.js';

export interface FriendApplicationCallsOptions {
  readonly caller: Caller;
  readonly relationSync: RelationSync;
  readonly teller: RelationTeller;
}

type Nothing = Record<string, never>;

export class FriendApplicationCalls {
  constructor(private readonly options: FriendApplicationCallsOptions) {}

  async list(): Promise<FriendApplicationList> {
    await this.options.relationSync.need('applications');
    return this.options.teller.applicationList();
  }

  async accept(options: AcceptApplicationOptions): Promise<Nothing> {
    const { type } = options ?? {};
    const addsBack = type === TYPES.SNS_APPLICATION_AGREE_AND_ADD;
    check(
      addsBack || type === TYPES.SNS_APPLICATION_AGREE,
      'type is SNS_APPLICATION_AGREE or SNS_APPLICATION_AGREE_AND_ADD',
    );
    const remark = optionalText(options.remark, 'remark');
    const from = requireUser(options);
    await this.options.caller.call(RELATION_METHOD.acceptApplication, { from, addsBack, remark });
    return this.settled();
  }

  async refuse(options: { userID: string }): Promise<Nothing> {
    await this.options.caller.call(RELATION_METHOD.refuseApplication, { from: requireUser(options) });
    return this.settled();
  }

  async remove(options: { userID: string; type: TYPES }): Promise<Nothing> {
    const userIds = [requireUser(options)];
    const isReceived = options.type === TYPES.SNS_APPLICATION_SENT_TO_ME;
    check(
      isReceived || options.type === TYPES.SNS_APPLICATION_SENT_BY_ME,
      'type is SNS_APPLICATION_SENT_TO_ME or SNS_APPLICATION_SENT_BY_ME',
    );
    const direction = isReceived ? relationv1.Direction.RECEIVED : relationv1.Direction.SENT;
    const request = { userIds, direction };
    const { results } = await this.options.caller.call(RELATION_METHOD.deleteApplications, request);
    requireFirst(results);
    return this.settled();
  }

  async markRead(): Promise<Nothing> {
    await this.options.caller.call(RELATION_METHOD.markApplicationsRead, {});
    return this.settled();
  }

  private async settled(): Promise<Nothing> {
    await this.options.relationSync.settle();
    return {};
  }
}

function requireUser(options: { userID: string }): string {
  check(isText(options?.userID), 'userID is missing');
  return options.userID;
}
