// A user wants into a group.
import { create } from '@bufbuild/protobuf';
import type { Delivery } from '@parley/delivery';
import type { UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { addApplications } from '../domain/applications.js';
import type { CustomFields } from '../domain/custom-fields.js';
import { APPLICATION_MESSAGE_BYTES_MAX } from '../domain/limits.js';
import { plainMember } from '../domain/new-member.js';
import { badParameter, notPermitted } from '../domain/refusals.js';
import type { GroupKey } from '../stores/group-store.js';
import type { MarkStore } from '../stores/mark-store.js';
import type { VisitTips } from '../telling/visit-tips.js';
import { checkRoom } from './add-members.js';
import { type Caller, requireOperation } from './caller.js';
import type { GroupQuota } from './group-quota.js';
import { shownGroup } from './shown-group.js';

export interface JoinGroupDeps {
  readonly register: GroupRegister;
  readonly quota: GroupQuota;
  readonly custom: CustomFields;
  readonly delivery: Delivery;
  readonly visitTips: VisitTips;
  readonly marks: MarkStore;
}

interface Joined {
  readonly status: groupv1.JoinStatus;
  readonly group: groupv1.Group;
}

const { SUCCESS, ALREADY_MEMBER, WAITING } = groupv1.JoinStatus;

export class JoinGroup {
  constructor(private readonly deps: JoinGroupDeps) {}

  /** @throws ChatError 10004, 10007, 10010, 10014 or 10037. */
  async run(key: GroupKey, message: string, caller: Caller): Promise<Joined> {
    if (Buffer.byteLength(message) > APPLICATION_MESSAGE_BYTES_MAX) {
      throw badParameter(`a message has at most ${APPLICATION_MESSAGE_BYTES_MAX} bytes`);
    }
    const { register, quota } = this.deps;
    const view = await register.get(key);
    if (!view.policy.hasMembers) return this.#enter(view, caller);
    const isMember = (await view.member(caller.userId)) !== undefined;
    if (isMember && view.isSettled) return this.#answer(view, ALREADY_MEMBER);
    if (!isMember) await quota.requireRoomFor(key.appId, caller.userId);
    return register.change(key, (present) => this.#decide(present, message, caller));
  }

  async #decide(view: GroupView, message: string, caller: Caller): Promise<Decided<Joined>> {
    const { userId } = caller;
    if ((await view.member(userId)) !== undefined) return { answer: this.#answer(view, ALREADY_MEMBER) };
    await checkJoin(view, caller);
    const draft = new ChangeDraft(view, { operator: userId, isSilent: false });
    if (view.group.applyJoinOption === groupv1.JoinOption.NEED_PERMISSION) {
      const kind = groupv1.ApplicationKind.JOIN;
      await addApplications(draft, view, [{ kind, userId, inviter: '', message }]);
      const answer = this.#answer(view, WAITING);
      return draft.intent.changes.length === 0 ? { answer } : { answer, next: draft };
    }
    checkRoom(view, 1);
    draft.add([{ member: plainMember(userId, view.policy, view.nowS), unreadCount: 0 }]).record({
      case: 'membersAdded',
      value: create(groupv1.MembersAddedSchema, { userIds: [userId], way: groupv1.JoinWay.APPLIED }),
    });
    return { answer: { status: SUCCESS, group: draft.group }, next: draft };
  }

  /** A live group: the user's connections come into its room, and nothing is written. */
  async #enter(view: GroupView, caller: Caller): Promise<Joined> {
    await checkJoin(view, caller);
    const { appId, groupId } = view.key;
    await this.#dropOldMarks(view.key, caller.userId);
    await this.deps.delivery.changeRooms(
      { appId, userIds: [caller.userId] },
      { enter: [groupId], leave: [], countsPeople: true },
    );
    if (view.policy.tips.members !== 'off') this.deps.visitTips.say(view.key, caller.userId, true);
    return this.#answer(view, SUCCESS);
  }

  /** Who was away has lost his marks; who comes with one more device has not. */
  async #dropOldMarks(key: GroupKey, user: UserId): Promise<void> {
    const { marks, delivery } = this.deps;
    if (!(await marks.of(key)).has(user)) return;
    const [isThere] = await delivery.usersInRoom(key, [user]);
    if (isThere === undefined) await marks.went(key, user);
  }

  #answer(view: GroupView, status: groupv1.JoinStatus): Joined {
    const role = status === WAITING ? 'S' : 'M';
    return { status, group: shownGroup(view, role, this.deps.custom) };
  }
}

async function checkJoin(view: GroupView, caller: Caller): Promise<void> {
  await requireOperation(view, caller, 'join');
  if (view.group.applyJoinOption === groupv1.JoinOption.DISABLED) {
    throw notPermitted('nobody may apply to this group');
  }
  if (await view.isBanned(caller.userId)) throw notPermitted('the user is banned from the group');
}
