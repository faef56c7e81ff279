// Owners and admins of live groups whose accounts are no more. No row leads from an account to the live groups that name
// it, so a group is looked at when somebody asks for it: once in a while, its five admins and its owner at most.
import { create } from '@bufbuild/protobuf';
import type { AppId, UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { LEADERS_CHECKED_EVERY_MS } from '../domain/limits.js';
import { isLive } from '../domain/policy.js';
import type { GroupEvents } from '../events.js';
import { ChangeDraft } from './change-draft.js';
import type { Decided, GroupRegister } from './group-register.js';
import type { GroupView } from './group-view.js';

/** Groups of which it is remembered when they were looked at. */
const GROUPS_REMEMBERED_MAX = 10_000;

export interface LiveLeadersDeps {
  readonly register: GroupRegister;
  readonly accounts: { existing(appId: AppId, users: readonly UserId[]): Promise<ReadonlySet<string>> };
  readonly events: GroupEvents;
}

export class LiveLeaders {
  /** Until when a group is not looked at again, by its name. */
  readonly #known = new Map<string, number>();

  constructor(private readonly deps: LiveLeadersDeps) {}

  /** The group without leaders who are no more. Nobody is told. @throws ChatError UNAVAILABLE. */
  async checked(view: GroupView): Promise<GroupView> {
    const { register, accounts } = this.deps;
    const leaders = leadersOf(view);
    if (!isLive(view.policy) || leaders.length === 0 || !this.#isDue(view)) return view;
    try {
      const existing = await accounts.existing(view.key.appId, leaders);
      const gone = leaders.filter((user) => !existing.has(user));
      if (gone.length === 0) return view;
      await register.change(view.key, async (present) => without(present, gone));
      return await register.get(view.key);
    } catch (thrown) {
      this.#known.delete(nameOf(view));
      throw thrown;
    }
  }

  /** The same in the background, for readers that do not wait for it. */
  checkSoon(view: GroupView): void {
    this.checked(view).catch((thrown: unknown) => this.deps.events.leadersNotChecked(view.key, thrown));
  }

  #isDue(view: GroupView): boolean {
    const name = nameOf(view);
    if ((this.#known.get(name) ?? 0) > view.nowMs) return false;
    if (this.#known.size >= GROUPS_REMEMBERED_MAX) this.#known.clear();
    this.#known.set(name, view.nowMs + LEADERS_CHECKED_EVERY_MS);
    return true;
  }
}

const nameOf = ({ key }: GroupView): string => `${key.appId} ${key.groupId}`;

const leadersOf = ({ group, state }: GroupView): UserId[] =>
  [group.owner, ...state.admins].filter((user) => user !== '') as UserId[];

function without(view: GroupView, gone: readonly UserId[]): Decided<undefined> {
  const named = leadersOf(view).filter((user) => gone.includes(user));
  if (named.length === 0) return { answer: undefined };
  const draft = new ChangeDraft(view, { operator: '', isSilent: true });
  draft.state.admins = draft.state.admins.filter((admin) => !named.includes(admin as UserId));
  const oldOwner = view.group.owner;
  if (named.includes(oldOwner as UserId)) {
    draft.group.owner = '';
    const value = create(groupv1.OwnerChangedSchema, { newOwner: '', oldOwner });
    draft.touch().record({ case: 'ownerChanged', value });
  }
  for (const userId of named.filter((user) => user !== oldOwner)) {
    const member = create(groupv1.MemberSchema, { userId, role: groupv1.Role.MEMBER });
    const value = create(groupv1.MemberModifiedSchema, { member, roleChanged: true });
    draft.record({ case: 'memberModified', value });
  }
  return { answer: undefined, next: draft };
}
