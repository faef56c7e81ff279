// Visitors of live groups: who is there, their marks, and robots. Source: rest-groups.md 5.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { badField, optionalInteger, requiredInteger, requiredList, UINT32_MAX } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { boundedAnswer, defineGroupCommand } from './group-command.js';
import { groupIdOf } from './group-fields.js';
import { MARKED_VISITORS_MAX, MARKS_PER_VISITOR_MAX, VISITORS_PER_PAGE_MAX } from './group-limits.js';
import { memberItemsOf, memberOf, membersOf } from './member-fields.js';
import { loadVisibleNames, type VisibleName } from './visible-names.js';

type ListRequest = MessageInitShape<typeof groupv1.ListVisitorsRequestSchema>;
type MarkRequest = MessageInitShape<typeof groupv1.MarkVisitorsRequestSchema>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
/** Who is always there. */
const ROBOT_MARK = 500;
const SET = 1;
const CLEAR = 2;

interface NamedVisitors {
  readonly page: groupv1.ListVisitorsResponse;
  readonly names: readonly VisibleName[];
}

/** The newest visitors of a live group, or those with a mark. Timestamp is the time of the page before, ms. */
export const getMembers = defineGroupCommand<ListRequest, NamedVisitors>({
  path: 'group_open_avchatroom_http_svc/get_members',
  parse: (body) => ({
    groupId: groupIdOf(body),
    beforeMs: BigInt(optionalInteger(body, 'Timestamp', { code: BAD, max: Number.MAX_SAFE_INTEGER }) ?? 0),
    mark: optionalInteger(body, 'Mark', { code: BAD, max: UINT32_MAX }) ?? 0,
    limit: VISITORS_PER_PAGE_MAX,
  }),
  async call(request, scope) {
    const page = await scope.tools.groups.listVisitors(request, scope.context);
    const userIds = page.visitors.map(({ userId }) => userId);
    return { page, names: await loadVisibleNames(scope, userIds) };
  },
  render: ({ page, names }) =>
    boundedAnswer({
      MemberList: page.visitors.map(({ userId, sinceMs }, at) => ({
        Member_Account: userId,
        JoinTime: Math.floor(Number(sinceMs) / 1_000),
        ...names[at],
      })),
      NextTimestamp: Number(page.nextBeforeMs),
    }),
});

interface Marking {
  readonly groupId: string;
  readonly type: number;
  readonly members: readonly { readonly userId: string; readonly marks: readonly number[] }[];
}

/** Sets and clears marks. Those with the same marks are marked together; answered are those for whom it was done. */
export const modifyUserInfo = defineGroupCommand<Marking, string[]>({
  path: 'group_open_avchatroom_http_svc/modify_user_info',
  parse: (body) => ({
    groupId: groupIdOf(body),
    type: commandTypeOf(body),
    members: memberItemsOf(body, MARKED_VISITORS_MAX).map((item) => ({
      userId: memberOf(item, 'Member_Account'),
      marks: marksOf(item),
    })),
  }),
  async call({ groupId, type, members }, { tools, context }) {
    const done = new Set<string>();
    let failure: unknown;
    for (const [userIds, marks] of byMarks(members)) {
      try {
        const request = { groupId, userIds, marks, set: type === SET };
        for (const userId of (await tools.groups.markVisitors(request, context)).userIds) done.add(userId);
      } catch (thrown) {
        failure ??= thrown;
      }
    }
    // What was done is answered; when nothing was, why.
    if (done.size === 0 && failure !== undefined) throw failure;
    return members.filter(({ userId }) => done.has(userId)).map(({ userId }) => userId);
  },
  render: (userIds, { type, members }) => {
    const marks = new Map(members.map((member) => [member.userId, member.marks]));
    return succeeded({
      CommandType: type,
      MemberList: userIds.map((userId) => ({ Member_Account: userId, Marks: marks.get(userId) ?? [] })),
    });
  },
});

const robotCommand = (name: string, set: boolean) =>
  defineGroupCommand<MarkRequest, unknown>({
    path: `group_open_avchatroom_http_svc/${name}`,
    parse: (body) => ({
      groupId: groupIdOf(body),
      userIds: membersOf(body, 'Member_Account', MARKED_VISITORS_MAX),
      marks: [ROBOT_MARK],
      set,
    }),
    call: (request, { tools, context }) => tools.groups.markVisitors(request, context),
    render: () => succeeded(),
  });

export const addRobots = robotCommand('add_robots', true);
export const delRobots = robotCommand('del_robots', false);

function commandTypeOf(body: JsonObject): number {
  const type = requiredInteger(body, 'CommandType', { code: BAD });
  if (type === SET || type === CLEAR) return type;
  throw badField(BAD, 'CommandType', 'must be 1 (set) or 2 (clear)');
}

function marksOf(item: JsonObject): number[] {
  const codes = { notArray: BAD, tooFew: BAD, tooMany: BAD };
  const items = requiredList(item, 'Marks', { codes, bounds: { min: 1, max: MARKS_PER_VISITOR_MAX } });
  const isMark = (mark: unknown): mark is number =>
    Number.isInteger(mark) && Number(mark) > 0 && Number(mark) <= UINT32_MAX;
  if (!items.every(isMark)) throw badField(BAD, 'Marks', 'must hold positive 32-bit integers');
  return [...new Set(items)].sort((one, other) => one - other);
}

/** At most as many as there are members, each with at least one. */
function byMarks(members: Marking['members']): [string[], number[]][] {
  const groups = new Map<string, [string[], number[]]>();
  for (const { userId, marks } of members) {
    const group = groups.get(marks.join()) ?? [[], [...marks]];
    group[0].push(userId);
    groups.set(marks.join(), group);
  }
  return [...groups.values()];
}
