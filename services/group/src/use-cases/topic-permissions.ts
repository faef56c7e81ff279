// The rights of a permission group in single topics.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type GroupId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { TOPIC_PERMISSIONS_AT_ONCE_MAX, TOPICS_MAX } from '../domain/limits.js';
import { decidePermissionAct } from '../domain/member-rights.js';
import { checkPermission } from '../domain/permission-group-fields.js';
import { badParameter, permissionGroupNotFound } from '../domain/refusals.js';
import { toTopicId } from '../domain/topic-id.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { actorIn, type Caller, operatorOf } from './caller.js';
import { requirePermissionGroup, requireWithPermissions } from './permission-access.js';
import { requireInTopic } from './topic-access.js';

const { TopicPermissionMode } = groupv1;

type Request = groupv1.ChangeTopicPermissionsRequest;

interface Outcome {
  readonly topicId: string;
  readonly permission?: bigint;
  readonly code?: number;
  readonly info?: string;
}

export class ChangeTopicPermissions {
  constructor(
    private readonly register: GroupRegister,
    private readonly events: GroupEvents,
  ) {}

  /**
   * A topic that is not there, or is or is not in the permission group already, is an outcome.
   * @throws ChatError 10004, 10007, 10010, 11000, 110006 or 110008.
   */
  async run(key: GroupKey, request: Request, caller: Caller) {
    checkRequest(request);
    const topics = await this.register.change(key, async (view) => {
      await requireRights(view, request, caller);
      return decide(view, request, caller);
    });
    const { permissionGroupId } = request;
    const { groupId } = key;
    this.events.audit('topic_permissions_changed', caller.context, { groupId, permissionGroupId });
    return { topics };
  }
}

function checkRequest({ topics, mode }: Request): void {
  if (mode === TopicPermissionMode.UNSPECIFIED) throw badParameter('what is to be done is not said');
  if (topics.length === 0) throw badParameter('no topic is named');
  if (topics.length > TOPIC_PERMISSIONS_AT_ONCE_MAX) {
    throw badParameter(`at most ${TOPIC_PERMISSIONS_AT_ONCE_MAX} topics at once`);
  }
  for (const { permission } of topics) checkPermission(permission);
}

/** Whoever manages permission groups, or has the right to the permissions of every topic that is named. */
async function requireRights(view: GroupView, { topics }: Request, caller: Caller): Promise<void> {
  await requireWithPermissions(view, caller, 'read');
  await requireInTopic(view, caller, 'read');
  const actor = await actorIn(view, caller);
  if (decidePermissionAct(view.policy, actor, 'manageGroups') === undefined) return;
  const rows = await view.topics(topics.map(({ topicId }) => topicId as GroupId));
  for (const row of rows) await requireInTopic(view, caller, 'permissions', row);
}

async function decide(view: GroupView, request: Request, caller: Caller): Promise<Decided<Outcome[]>> {
  const { permissionGroupId, mode } = request;
  const row = await rowOf(view, permissionGroupId);
  // Rights in topics that have ended are left out by the way.
  const standing = Object.entries(row.topicPermissions).filter(([id]) => view.hasTopic(id as GroupId));
  const next = new Map(standing);
  const answer: Outcome[] = [];
  const changed: groupv1.TopicPermission[] = [];
  for (const asked of new Map(request.topics.map((topic) => [topic.topicId, topic])).values()) {
    const refusal =
      (await refuseTopic(view, asked.topicId)) ?? refuseMode(next.get(asked.topicId), asked, mode, caller);
    answer.push(outcomeOf(asked, refusal));
    if (refusal !== undefined) continue;
    if (mode === TopicPermissionMode.REMOVE) next.delete(asked.topicId);
    else next.set(asked.topicId, asked.permission);
    changed.push(asked);
  }
  if (changed.length === 0) return { answer };
  const draft = new ChangeDraft(view, { operator: operatorOf(caller), isSilent: false });
  draft.intent.permissionGroups.push({ ...row, topicPermissions: Object.fromEntries(next) });
  const value = create(groupv1.TopicPermissionsChangedSchema, { permissionGroupId, mode, topics: changed });
  draft.record({ case: 'topicPermissionsChanged', value });
  return { answer, next: draft };
}

/** Topics are added where they are not, and set and removed where they are; retries may find it done. */
function refuseMode(
  present: bigint | undefined,
  asked: groupv1.TopicPermission,
  mode: groupv1.TopicPermissionMode,
  caller: Caller,
): ChatError | undefined {
  if (mode === TopicPermissionMode.ADD) {
    if (present === undefined || (caller.isRetry && present === asked.permission)) return undefined;
    return new ChatError(
      ErrorCode.TOPIC_PERMISSION_EXISTS,
      'the permission group has rights in the topic already',
    );
  }
  const isDone = caller.isRetry && mode === TopicPermissionMode.REMOVE;
  return present === undefined && !isDone ? notInGroup() : undefined;
}

export class GetTopicPermissions {
  constructor(private readonly register: GroupRegister) {}

  /** A topic that has none is an outcome. @throws ChatError 10004, 10007, 10010, 11000, 110006 or 110008. */
  async run(key: GroupKey, request: groupv1.GetTopicPermissionsRequest, caller: Caller) {
    if (request.topicIds.length > TOPICS_MAX) throw badParameter(`at most ${TOPICS_MAX} topics at once`);
    const view = await this.register.get(key);
    await requireWithPermissions(view, caller, 'read');
    await requireInTopic(view, caller, 'read');
    const { topicPermissions } = await rowOf(view, request.permissionGroupId);
    const all = view.state.topicIds.filter((topicId) => topicPermissions[topicId] !== undefined);
    const asked = request.topicIds.length === 0 ? all : [...new Set(request.topicIds)];
    const topics = await Promise.all(
      asked.map(async (topicId): Promise<Outcome> => {
        const permission = topicPermissions[topicId];
        const refusal =
          (await refuseTopic(view, topicId)) ?? (permission === undefined ? notInGroup() : undefined);
        return outcomeOf({ topicId, permission: permission ?? 0n }, refusal);
      }),
    );
    return { topics };
  }
}

async function rowOf(view: GroupView, permissionGroupId: string): Promise<groupv1.PermissionGroupRow> {
  await requirePermissionGroup(view, permissionGroupId);
  const [row] = await view.permissionRows([permissionGroupId]);
  if (row === undefined) throw permissionGroupNotFound(false);
  return row;
}

/** Undefined for a topic that is there. */
async function refuseTopic(view: GroupView, topicId: string): Promise<ChatError | undefined> {
  if (view.hasTopic(topicId as GroupId)) return undefined;
  try {
    if (await view.hadTopic(toTopicId(topicId, view.key.groupId))) {
      return new ChatError(ErrorCode.TOPIC_PERMISSION_DELETED, 'the topic has ended, and rights in it');
    }
  } catch (thrown) {
    return ChatError.from(thrown);
  }
  return new ChatError(ErrorCode.TOPIC_ID_INVALID, 'the community has no such topic');
}

const outcomeOf = (
  { topicId, permission }: Pick<groupv1.TopicPermission, 'topicId' | 'permission'>,
  refusal: ChatError | undefined,
): Outcome =>
  refusal === undefined ? { topicId, permission } : { topicId, code: refusal.code, info: refusal.message };

const notInGroup = (): ChatError =>
  new ChatError(ErrorCode.TOPIC_PERMISSION_NOT_FOUND, 'the permission group has no rights in the topic');
