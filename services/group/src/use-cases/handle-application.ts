// Somebody decides about an application; the first one wins.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { isOpen, subjectOfId } from '../domain/applications.js';
import { APPLICATION_MESSAGE_BYTES_MAX } from '../domain/limits.js';
import { plainMember } from '../domain/new-member.js';
import { badParameter, notPermitted } from '../domain/refusals.js';
import type { GroupKey } from '../stores/group-store.js';
import { checkRoom } from './add-members.js';
import type { Caller } from './caller.js';
import type { GroupQuota } from './group-quota.js';
import { mayDecide } from './list-applications.js';

type Request = groupv1.HandleApplicationRequest;

export class HandleApplication {
  constructor(
    private readonly register: GroupRegister,
    private readonly quota: GroupQuota,
  ) {}

  /** @throws ChatError 10004, 10007, 10010, 10014, 10024 or 10037. */
  async run(key: GroupKey, request: Request, caller: Caller) {
    const subject = subjectOfId(request.applicationId);
    if (subject === undefined) throw badParameter('there is no such application');
    if (Buffer.byteLength(request.message) > APPLICATION_MESSAGE_BYTES_MAX) {
      throw badParameter(`a message has at most ${APPLICATION_MESSAGE_BYTES_MAX} bytes`);
    }
    if (request.accept) {
      await this.quota.requireRoomFor(key.appId, subject.slice(subject.indexOf(':') + 1) as UserId);
    }
    const group = await this.register.change(key, (view) => decide(view, request, { subject, caller }));
    return { group };
  }
}

async function decide(
  view: GroupView,
  request: Request,
  { subject, caller }: { readonly subject: string; readonly caller: Caller },
): Promise<Decided<groupv1.Group>> {
  const row = await view.application(subject);
  const application = row?.application;
  if (row === undefined || application?.applicationId !== request.applicationId) throw handled();
  if (!(await mayDecide(view, row, caller.userId)))
    throw notPermitted('the application is not yours to decide');
  const { ACCEPTED, REFUSED } = groupv1.ApplicationStatus;
  const status = request.accept ? ACCEPTED : REFUSED;
  // The first attempt may have done it.
  if (caller.isRetry && row.status === status) return { answer: view.group };
  if (!isOpen(row, view.nowMs)) throw handled();
  const draft = new ChangeDraft(view, { operator: caller.userId, isSilent: false });
  draft.intent.applications.push({ ...row, status });
  draft.record({
    case: 'applicationHandled',
    value: create(groupv1.ApplicationHandledSchema, {
      application,
      accepted: request.accept,
      message: request.message,
    }),
  });
  if (request.accept) await takeIn(draft, view, application);
  return { answer: draft.group, next: draft };
}

async function takeIn(draft: ChangeDraft, view: GroupView, application: groupv1.Application): Promise<void> {
  const userId = application.userId as UserId;
  if ((await view.member(userId)) !== undefined) return;
  if (await view.isBanned(userId)) throw notPermitted('the user is banned from the group');
  checkRoom(view, 1);
  const isInvited = application.kind !== groupv1.ApplicationKind.JOIN;
  const way = isInvited ? groupv1.JoinWay.INVITED : groupv1.JoinWay.APPLIED;
  draft.add([{ member: plainMember(userId, view.policy, view.nowS), unreadCount: 0 }]);
  draft.record(
    { case: 'membersAdded', value: create(groupv1.MembersAddedSchema, { userIds: [userId], way }) },
    isInvited ? application.inviter : userId,
  );
}

const handled = (): ChatError =>
  new ChatError(ErrorCode.GROUP_APPLICATION_HANDLED, 'somebody has decided about the application already');
