// Topics are changed, and end.
import { clone, create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type GroupId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import type { FieldLimits } from '../domain/group-fields.js';
import { TOPICS_MAX } from '../domain/limits.js';
import { badParameter, topicNotFound } from '../domain/refusals.js';
import { applyTopicFields, isChanged } from '../domain/topic-fields.js';
import { toTopicId } from '../domain/topic-id.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, operatorOf } from './caller.js';
import { requireInTopic, requireTopic, type TopicOutcomes } from './topic-access.js';

export class ModifyTopic {
  constructor(
    private readonly register: GroupRegister,
    private readonly limits: FieldLimits,
    private readonly events: GroupEvents,
  ) {}

  /** @throws ChatError 10004, 10007, 10010, 11000 or 110003. */
  async run(key: GroupKey, request: groupv1.ModifyTopicRequest, caller: Caller) {
    const topicId = toTopicId(request.topicId, key.groupId);
    const author = { operator: operatorOf(caller, request.operator), isSilent: false };
    const fields = request.fields ?? create(groupv1.TopicFieldsSchema);
    const topic = await this.register.change(key, async (view) => {
      await requireFor(view, fields, { caller, topic: await view.topic(topicId) });
      const row = await requireTopic(view, topicId);
      const present = row.topic ?? create(groupv1.TopicSchema);
      const { topic: next, changed } = applyTopicFields(present, fields, this.limits);
      if (!isChanged(changed)) return { answer: next };
      const draft = new ChangeDraft(view, author);
      draft.intent.topics.push({ ...clone(groupv1.TopicRowSchema, row), topic: next });
      const value = create(groupv1.TopicModifiedSchema, { topic: next, fields: changed });
      draft.record({ case: 'topicModified', value });
      return { answer: next, next: draft };
    });
    this.events.audit('topic_modified', caller.context, { groupId: key.groupId, topicId });
    return { topic };
  }
}

export class DestroyTopics {
  constructor(
    private readonly register: GroupRegister,
    private readonly events: GroupEvents,
  ) {}

  /** One that is not there is an outcome. @throws ChatError 10004, 10005, 10007, 10010 or 11000. */
  async run(key: GroupKey, request: groupv1.DestroyTopicsRequest, caller: Caller): Promise<TopicOutcomes> {
    const { topicIds } = request;
    if (topicIds.length === 0) throw badParameter('no topic is named');
    if (topicIds.length > TOPICS_MAX) {
      throw new ChatError(ErrorCode.GROUP_TOO_MANY_ACCOUNTS, `at most ${TOPICS_MAX} topics at once`);
    }
    const operator = operatorOf(caller, request.operator);
    const gone = await this.register.change(key, async (view) => {
      await requireInTopic(view, caller, 'manage');
      return destroy(view, topicIds as GroupId[], operator);
    });
    if (gone.size > 0) {
      this.events.audit('topics_destroyed', caller.context, {
        groupId: key.groupId,
        topicIds: [...gone].join(' '),
      });
    }
    const missing = topicNotFound();
    const failed = { code: missing.code, info: missing.message };
    return { topics: topicIds.map((topicId) => ({ topicId, ...(gone.has(topicId) ? {} : failed) })) };
  }
}

function destroy(
  view: GroupView,
  topicIds: readonly GroupId[],
  operator: string,
): Decided<ReadonlySet<string>> {
  const gone = new Set<string>(topicIds.filter((topicId) => view.hasTopic(topicId)));
  if (gone.size === 0) return { answer: gone };
  const draft = new ChangeDraft(view, { operator, isSilent: false });
  draft.state.topicIds = draft.state.topicIds.filter((topicId) => !gone.has(topicId));
  draft.intent.goneTopicIds.push(...gone);
  const value = create(groupv1.TopicsDestroyedSchema, { topicIds: [...gone] });
  draft.record({ case: 'topicsDestroyed', value });
  return { answer: gone, next: draft };
}

async function requireFor(
  view: GroupView,
  fields: groupv1.TopicFields,
  { caller, topic }: { readonly caller: Caller; readonly topic: groupv1.TopicRow | undefined },
): Promise<void> {
  const { muteAll, defaultPermission, ...texts } = fields;
  if (muteAll !== undefined) await requireInTopic(view, caller, 'muteAll', topic);
  if (defaultPermission !== undefined) await requireInTopic(view, caller, 'permissions', topic);
  const hasTexts = Object.entries(texts).some(([name, value]) => name !== '$typeName' && value !== undefined);
  const isMore = muteAll !== undefined || defaultPermission !== undefined;
  if (hasTexts || !isMore) await requireInTopic(view, caller, 'manage', topic);
}
