import { isUserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import type { JsonObject } from '../../json/json-body.js';
import type { Command } from '../command.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf, optionalFlag } from './group-fields.js';
import { MEMBERS_PER_ADD_MAX } from './group-limits.js';
import { memberItemsOf, type NewMemberInit, newMemberOf } from './member-fields.js';

interface Additions {
  readonly groupId: string;
  readonly silent: boolean;
  /** As given: what is no UserID fails alone. */
  readonly members: readonly NewMemberInit[];
}

const { MemberResult } = groupv1;

/** As answers have them. */
export const MEMBER_RESULTS: Readonly<Record<groupv1.MemberResult, number>> = {
  [MemberResult.UNSPECIFIED]: 0,
  [MemberResult.FAILED]: 0,
  [MemberResult.ADDED]: 1,
  [MemberResult.ALREADY_MEMBER]: 2,
  [MemberResult.WAITING]: 3,
};

/** Adds members, whatever the group's join option says; each has its own result. */
export const addGroupMember = additionCommand('group_open_http_svc/add_group_member', { isImport: false });
/** Brings members of another system in, with their time and unread count, telling nobody. */
export const importGroupMember = additionCommand('group_open_http_svc/import_group_member', {
  isImport: true,
});

function additionCommand(path: string, { isImport }: { isImport: boolean }): Command {
  return defineGroupCommand<Additions, readonly groupv1.MemberOutcome[]>({
    path,

    parse: (body) => ({
      groupId: groupIdOf(body),
      silent: isImport || (optionalFlag(body, 'Silence') ?? false),
      members: isImport ? importedOf(body) : addedOf(body),
    }),

    async call({ groupId, silent, members }, { tools, context }) {
      const known = [...new Map(members.map((member) => [member.userId, member])).values()].filter(
        ({ userId }) => isUserId(userId),
      );
      if (known.length === 0) return [];
      return (await tools.groups.addMembers({ groupId, members: known, silent, isImport }, context)).members;
    },

    render(outcomes, { members }) {
      const byUser = new Map(outcomes.map(({ userId, result }) => [userId, result]));
      return succeeded({
        MemberList: members.map(({ userId }) => ({
          Member_Account: userId,
          Result: MEMBER_RESULTS[byUser.get(userId) ?? MemberResult.FAILED],
        })),
      });
    },
  });
}

const importedOf = (body: JsonObject): NewMemberInit[] =>
  memberItemsOf(body, MEMBERS_PER_ADD_MAX).map(newMemberOf);

/** Role, time and unread count are for imports. */
const addedOf = (body: JsonObject): NewMemberInit[] => importedOf(body).map(({ userId }) => ({ userId }));
