// Visitors of a live group get or lose marks, by which an app tells some of them from the others.

import type { Delivery } from '@parley/delivery';
import { ChatError, ErrorCode, type UserId } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import type { Accounts } from '@parley/rpc';
import type { GroupRegister } from '../changing/group-register.js';
import {
  ACCOUNTS_PER_REQUEST_MAX,
  HIDDEN_MARK,
  MARKS_PER_GROUP_MAX,
  OWN_MARK_MIN,
  ROBOT_MARK,
  VISITORS_PER_MARK_MAX,
} from '../domain/limits.js';
import { badParameter, notPermitted } from '../domain/refusals.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { isRobot, type MarkStore, type Marks, usersMarked } from '../stores/mark-store.js';
import { type Caller, toUserIds } from './caller.js';
import { requireLive } from './change-live-admins.js';

export interface MarkVisitorsDeps {
  readonly register: GroupRegister;
  readonly delivery: Delivery;
  readonly marks: MarkStore;
  readonly accounts: Accounts;
  readonly events: GroupEvents;
}

export class MarkVisitors {
  constructor(private readonly deps: MarkVisitorsDeps) {}

  /**
   * Done for those who are there; robots are anywhere. The bounds hold but for requests at once.
   * @throws ChatError 10004, 10005, 10007, 10010, or 10019 for robots without an account.
   */
  async run(key: GroupKey, request: groupv1.MarkVisitorsRequest, caller: Caller) {
    const users = toUserIds(request.userIds);
    const marks = toMarks(request.marks, caller);
    if (users.length === 0) throw badParameter('nobody is named');
    if (users.length > ACCOUNTS_PER_REQUEST_MAX) {
      throw tooMany(`at most ${ACCOUNTS_PER_REQUEST_MAX} accounts at once`);
    }
    const view = await this.deps.register.get(key);
    requireLive(view);
    if (!caller.isBackEnd && view.group.owner !== caller.userId) {
      throw notPermitted('the owner marks visitors');
    }
    const done = request.set ? await this.#set(key, users, marks) : await this.#clear(key, users, marks);
    const { set } = request;
    this.deps.events.audit('visitors_marked', caller.context, {
      groupId: key.groupId,
      userIds: done,
      marks,
      set,
    });
    return { userIds: done };
  }

  async #set(key: GroupKey, users: readonly UserId[], marks: readonly number[]): Promise<UserId[]> {
    const held = await this.deps.marks.read(key);
    const done = await this.#allowed(key, { users, marks, held });
    if (done.length === 0) throw badParameter('nobody of them is there');
    checkBounds(held, done, marks);
    await this.deps.marks.set(key, done, marks);
    return done;
  }

  /** Who is there. With the mark of robots: whose account there is. */
  async #allowed(
    key: GroupKey,
    asked: { readonly users: readonly UserId[]; readonly marks: readonly number[]; readonly held: Marks },
  ): Promise<UserId[]> {
    const { users, marks, held } = asked;
    if (marks.includes(ROBOT_MARK)) {
      const existing = await this.deps.accounts.existing(key.appId, users);
      return users.filter((user) => existing.has(user));
    }
    const there = new Set(await this.deps.delivery.usersInRoom(key, users));
    return users.filter((user) => there.has(user) || isRobot(held, user));
  }

  async #clear(key: GroupKey, users: readonly UserId[], marks: readonly number[]): Promise<UserId[]> {
    await this.deps.marks.clear(key, users, marks);
    return [...users];
  }
}

function toMarks(asked: readonly number[], caller: Caller): number[] {
  const marks = [...new Set(asked)];
  const isTaken = (mark: number): boolean =>
    mark >= OWN_MARK_MIN || (caller.isBackEnd && (mark === ROBOT_MARK || mark === HIDDEN_MARK));
  if (marks.length === 0 || !marks.every(isTaken)) throw badParameter(`a mark is at least ${OWN_MARK_MIN}`);
  if (marks.length > MARKS_PER_GROUP_MAX) throw badParameter(`at most ${MARKS_PER_GROUP_MAX} marks at once`);
  return marks;
}

/** @throws ChatError 10004 or 10005. */
function checkBounds(held: Marks, users: readonly UserId[], marks: readonly number[]): void {
  const kinds = new Set([...held.values()].flatMap((ofUser) => [...ofUser.keys()]).concat(marks));
  if ([...kinds].filter((mark) => mark >= OWN_MARK_MIN).length > MARKS_PER_GROUP_MAX) {
    throw badParameter(`a live group has at most ${MARKS_PER_GROUP_MAX} different marks`);
  }
  for (const mark of marks) {
    if (new Set([...usersMarked(held, mark), ...users]).size <= VISITORS_PER_MARK_MAX) continue;
    throw tooMany(`at most ${VISITORS_PER_MARK_MAX} visitors have one mark`);
  }
}

const tooMany = (what: string): ChatError => new ChatError(ErrorCode.GROUP_TOO_MANY_ACCOUNTS, what);
