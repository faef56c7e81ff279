// What answers about groups and members need beside the group service's own words:
// pages put together, and what other services know.
import { ChatError, ErrorCode, mapBounded } from '@parley/kernel';
import { authv1, type groupv1, type messagev1 } from '@parley/proto';
import type { RequestScope } from '../command.js';
import { ANSWER_BYTES_MAX, answerTooLarge } from './group-command.js';
import { type MemberView, wantsStanding } from './group-json.js';
import type { FieldFilter } from './response-filter.js';

type Heads = ReadonlyMap<string, messagev1.Head>;

/** Calls in flight for one request; ours: a long answer does not crowd out other callers. */
const CALLS_IN_FLIGHT_MAX = 16;
/** Of the services, a page or a batch each. */
const HEADS_PER_CALL_MAX = 100;
const MEMBERS_PER_CALL_MAX = 200;
const STATUSES_PER_CALL_MAX = 500;
const TOPICS_PER_BATCH_MAX = 100;
const STANDINGS_PER_CALL_MAX = 500;
/** More members than this cannot be in an answer, however short their names are. */
const MEMBERS_IN_ANSWER_MAX = Math.floor(ANSWER_BYTES_MAX / '{"Member_Account":"a"},'.length);

/** @throws ChatError 10010, or what else the group service says of it. */
export async function loadGroup(scope: RequestScope, groupId: string): Promise<groupv1.Group> {
  const [outcome] = (await scope.tools.groups.getGroups({ groupIds: [groupId] }, scope.context)).groups;
  if (outcome?.group !== undefined && outcome.code === 0) return outcome.group;
  throw new ChatError(outcome?.code || ErrorCode.GROUP_NOT_FOUND, outcome?.info ?? 'no such group');
}

/** Heads of the groups' conversations, by group. */
export async function loadHeads(scope: RequestScope, groupIds: readonly string[]): Promise<Heads> {
  const pages = await mapBounded(
    batches(groupIds, HEADS_PER_CALL_MAX),
    CALLS_IN_FLIGHT_MAX,
    async (batch) => {
      const { heads } = await scope.tools.messages.getHeads({ groupIds: batch }, scope.context);
      return batch.flatMap((groupId, at) => (heads[at] === undefined ? [] : [[groupId, heads[at]] as const]));
    },
  );
  return new Map(pages.flat());
}

export interface MembersQuery {
  readonly groupId: string;
  /** Empty: all. */
  readonly roles: readonly groupv1.Role[];
  readonly offset: number;
  /** Undefined: all. */
  readonly limit: number | undefined;
}

export interface LoadedMembers {
  readonly members: readonly groupv1.Member[];
  readonly memberNum: number;
}

/** Puts pages together. @throws ChatError 10018 when they cannot fit into an answer. */
export async function loadMembers(scope: RequestScope, query: MembersQuery): Promise<LoadedMembers> {
  const { groupId, limit = Number.POSITIVE_INFINITY } = query;
  const members: groupv1.Member[] = [];
  let where: { offset: number } | { cursor: string } | undefined = { offset: query.offset };
  let memberNum = 0;
  while (where !== undefined && members.length < limit) {
    const page: groupv1.ListMembersResponse = await scope.tools.groups.listMembers(
      {
        groupId,
        roles: [...query.roles],
        limit: Math.min(limit - members.length, MEMBERS_PER_CALL_MAX),
        ...where,
      },
      scope.context,
    );
    members.push(...page.members);
    if (members.length > MEMBERS_IN_ANSWER_MAX) throw answerTooLarge();
    memberNum = page.memberNum;
    where = page.nextCursor === '' ? undefined : { cursor: page.nextCursor };
  }
  return { members, memberNum };
}

/** Members with what the filter wants of other services. */
export async function viewMembers(
  scope: RequestScope,
  groupId: string,
  { members, filter }: { readonly members: readonly groupv1.Member[]; readonly filter: FieldFilter },
): Promise<MemberView[]> {
  const users = members.map(({ userId }) => userId);
  const [standings, statuses] = await Promise.all([
    wantsStanding(filter)
      ? loadStandings(
          scope,
          users.map((user) => ({ user, groupId })),
        )
      : undefined,
    // Only when it is named: without a filter nobody waits for it.
    filter.names('OnlineStatus') ? loadOnlineStatuses(scope, users) : undefined,
  ]);
  return members.map((member, at) => ({
    member,
    standing: standings?.[at],
    onlineStatus: statuses?.get(member.userId),
  }));
}

interface GroupMember {
  readonly user: string;
  readonly groupId: string;
}

/** How far the users have read in the groups, and when they spoke last; in the order asked. */
export async function loadStandings(
  scope: RequestScope,
  members: readonly GroupMember[],
): Promise<readonly messagev1.Standing[]> {
  const pages = await mapBounded(batches(members, STANDINGS_PER_CALL_MAX), CALLS_IN_FLIGHT_MAX, (batch) =>
    scope.tools.messages.getStandings({ members: batch }, scope.context),
  );
  return pages.flatMap(({ standings }) => standings);
}

/** How far a user has read in topics of one community, by topic; nothing of who is not in it. */
export async function loadTopicReadSeqs(
  scope: RequestScope,
  { user, groupId }: GroupMember,
  topicIds: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  const seqs = new Map<string, bigint>();
  for (let at = 0; at < topicIds.length; ) {
    const batch = topicIds.slice(at, at + TOPICS_PER_BATCH_MAX);
    const request = { user, groupId, topicIds: batch };
    const answer = await scope.tools.messages.getTopicConversations(request, scope.context);
    for (const { peer, readSeq } of answer.conversations) seqs.set(peer, readSeq);
    at += Math.max(1, answer.answered);
  }
  return seqs;
}

const STATUS_NAMES: Readonly<Record<authv1.OnlineStatus, string>> = {
  [authv1.OnlineStatus.UNSPECIFIED]: 'Offline',
  [authv1.OnlineStatus.ONLINE]: 'Online',
  [authv1.OnlineStatus.PUSH_ONLINE]: 'PushOnline',
  [authv1.OnlineStatus.OFFLINE]: 'Offline',
};

async function loadOnlineStatuses(
  scope: RequestScope,
  users: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const pages = await mapBounded(batches(users, STATUSES_PER_CALL_MAX), CALLS_IN_FLIGHT_MAX, (userIds) =>
    scope.tools.auth.queryOnlineStatus({ userIds }, scope.context),
  );
  return new Map(
    pages.flatMap((page) => page.users.map(({ userId, status }) => [userId, STATUS_NAMES[status]] as const)),
  );
}

/** As many as are asked for together. */
export const batches = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
