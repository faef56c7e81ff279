// A topic of a community is made. Its members are the community's, so nothing is written for any of them.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode, type GroupId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import type { FieldLimits } from '../domain/group-fields.js';
import { CREATION_ID_BYTES_MAX, TOPICS_MAX } from '../domain/limits.js';
import { badParameter } from '../domain/refusals.js';
import { applyTopicFields } from '../domain/topic-fields.js';
import { checkCustomTopicId } from '../domain/topic-id.js';
import type { GroupEvents } from '../events.js';
import type { GroupKey } from '../stores/group-store.js';
import { type Caller, operatorOf } from './caller.js';
import { createTopicId } from './create-group-id.js';
import { requireInTopic } from './topic-access.js';

export class CreateTopic {
  constructor(
    private readonly register: GroupRegister,
    private readonly limits: FieldLimits,
    private readonly events: GroupEvents,
  ) {}

  /** @throws ChatError 10004, 10007, 10010, 10021, 10025, 10036, 11000 or 110013. */
  async run(key: GroupKey, request: groupv1.CreateTopicRequest, caller: Caller) {
    checkRequest(request, caller);
    const topicId = topicIdOf(key, request, caller);
    const topic = await this.register.change(key, async (view) => {
      await requireInTopic(view, caller, 'manage');
      if (request.fields?.defaultPermission !== undefined) await requireInTopic(view, caller, 'permissions');
      return this.#decide(view, { request, caller, topicId });
    });
    this.events.audit('topic_created', caller.context, { groupId: key.groupId, topicId });
    return { topic };
  }

  async #decide(
    view: GroupView,
    {
      request,
      caller,
      topicId,
    }: { readonly request: groupv1.CreateTopicRequest; readonly caller: Caller; readonly topicId: GroupId },
  ): Promise<Decided<groupv1.Topic>> {
    const present = await view.topic(topicId);
    if (present !== undefined) return { answer: ownTopic(present, request, caller) };
    if (await view.hadTopic(topicId)) throw taken('the TopicID was taken before');
    if (view.state.topicIds.length >= TOPICS_MAX) {
      throw new ChatError(ErrorCode.GROUP_LIVE_LIMIT, `a community has at most ${TOPICS_MAX} topics`);
    }
    const empty = create(groupv1.TopicSchema, {
      topicId,
      groupId: view.key.groupId,
      createTimeS: request.createTimeS || view.nowS,
    });
    const fields = request.fields ?? create(groupv1.TopicFieldsSchema);
    const { topic } = applyTopicFields(empty, fields, this.limits);
    const { creationId, isImport } = request;
    const draft = new ChangeDraft(view, {
      operator: operatorOf(caller, request.operator),
      isSilent: isImport,
    });
    draft.state.topicIds.push(topicId);
    draft.intent.topics.push(create(groupv1.TopicRowSchema, { topic, creator: caller.userId, creationId }));
    draft.record({ case: 'topicCreated', value: create(groupv1.TopicCreatedSchema, { topic }) });
    return { answer: topic, next: draft };
  }
}

function checkRequest(request: groupv1.CreateTopicRequest, caller: Caller): void {
  if (Buffer.byteLength(request.creationId) > CREATION_ID_BYTES_MAX) {
    throw badParameter(`a creation id has at most ${CREATION_ID_BYTES_MAX} bytes`);
  }
  if (request.isImport && !caller.isBackEnd) throw badParameter('only back ends import');
  if (request.createTimeS !== 0 && !request.isImport) {
    throw badParameter('only imports have a time of their own');
  }
}

function topicIdOf(
  { appId, groupId }: GroupKey,
  { topicId, creationId }: groupv1.CreateTopicRequest,
  { userId: creator }: Caller,
): GroupId {
  if (topicId !== '') return checkCustomTopicId(topicId, groupId);
  return creationId === '' ? createTopicId(groupId) : createTopicId(groupId, { appId, creator, creationId });
}

/** The topic that stands under the id, if it is this request's own. @throws ChatError 10021 or 10025. */
function ownTopic(
  { topic, creator, creationId }: groupv1.TopicRow,
  request: groupv1.CreateTopicRequest,
  { userId }: Caller,
): groupv1.Topic {
  const isOwn = creator === userId;
  if (topic !== undefined && isOwn && creationId !== '' && creationId === request.creationId) return topic;
  if (isOwn && !request.isImport) {
    throw new ChatError(ErrorCode.GROUP_ID_TAKEN_BY_CALLER, 'the caller made a topic with this id already');
  }
  throw taken('the TopicID is taken');
}

const taken = (info: string): ChatError => new ChatError(ErrorCode.GROUP_ID_TAKEN, info);
