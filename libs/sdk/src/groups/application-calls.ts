// Applications and invitations that wait for this user's decision.
import { groupv1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { GROUP_METHOD } from '../calls/group-method.js';
import type { Group } from '../model/conversation.js';
import type { GroupApplication, HandleApplicationOptions } from '../model/group-sdk.js';
import { check, isText } from './checks.js';
import { type GroupBook, viewGroup } from './group-book.js';
import type { GroupCalls } from './group-calls.js';
import type { GroupSync } from './group-sync.js';
import { NOTICE } from './notice-codec.js';

export interface ApplicationCallsOptions {
  readonly caller: Caller;
  readonly groups: GroupBook;
  readonly groupSync: GroupSync;
  readonly groupCalls: GroupCalls;
}

/** applicationType of the API. */
const KINDS: Readonly<Record<number, number>> = {
  [groupv1.ApplicationKind.JOIN]: 0,
  [groupv1.ApplicationKind.INVITE_FOR_INVITEE]: 1,
  [groupv1.ApplicationKind.INVITE_FOR_ADMIN]: 2,
};
const INVITED_HERE = 1;
const AGREE = 'Agree';

export class ApplicationCalls {
  constructor(private readonly options: ApplicationCallsOptions) {}

  async list(): Promise<{ applicationList: GroupApplication[] }> {
    const { applications } = await this.options.caller.call(GROUP_METHOD.listApplications, {});
    return { applicationList: applications.map(toApplication) };
  }

  async handle(options: HandleApplicationOptions): Promise<{ group: Group }> {
    const { caller, groups, groupSync, groupCalls } = this.options;
    check(
      options?.handleAction === AGREE || options?.handleAction === 'Reject',
      'handleAction is Agree or Reject',
    );
    const named = readNamed(options);
    const application = isText(named.applicationID) ? named : await this.find(named);
    const accept = options.handleAction === AGREE;
    const { group } = await caller.call(GROUP_METHOD.handleApplication, {
      groupId: application.groupID ?? '',
      applicationId: application.applicationID ?? '',
      accept,
      message: options.handleMessage ?? '',
    });
    if (group === undefined) return { group: await groupCalls.known(application.groupID ?? '') };
    if (accept && application.applicationType === INVITED_HERE) {
      return { group: (await groupSync.enter(group)).view };
    }
    const isIn = groups.get(group.groupId) !== undefined;
    return { group: isIn ? groupSync.take(group).view : viewGroup(group) };
  }

  /** For an entry that the app put together itself. */
  private async find(named: Partial<GroupApplication>): Promise<GroupApplication> {
    const { applicationList } = await this.list();
    const found = applicationList.find(
      ({ groupID, applicant, userID }) =>
        groupID === named.groupID && (userID === named.userID || applicant === named.applicant),
    );
    check(found !== undefined, 'no such application waits for this user');
    return found;
  }
}

function readNamed({ application, message }: HandleApplicationOptions): Partial<GroupApplication> {
  if (application !== undefined) return application;
  const payload = message?.payload;
  check(payload?.groupProfile !== undefined, 'pass an application or the message of its notice');
  const { operationType, operatorID, inviterID, userID, applicationID, groupProfile } = payload;
  return {
    groupID: groupProfile.groupID,
    applicant: inviterID || operatorID,
    applicationType: operationType === NOTICE.INVITATION_FOR_INVITEE ? INVITED_HERE : 0,
    userID,
    applicationID,
  };
}

const toApplication = (application: groupv1.Application): GroupApplication => ({
  applicant: application.inviter || application.userId,
  applicantNick: '',
  groupID: application.groupId,
  groupName: application.groupName,
  applicationType: KINDS[application.kind] ?? 0,
  userID: application.userId,
  note: application.message,
  applicationID: application.applicationId,
});
