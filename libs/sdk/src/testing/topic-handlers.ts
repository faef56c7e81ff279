// The calls about topics, answered from memory: a topic's members are its community's.
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import { TOPIC_METHOD } from '../calls/topic-method.js';
import { communityOf, TOPIC_MARK } from '../messages/conversation-kind.js';
import type { ChatModel } from './chat-model.js';
import type { GroupModel } from './group-model.js';
import { Refusal } from './refusal.js';

export type TopicMethodName = keyof typeof TOPIC_METHOD;

/** Conversations of one answer; few, so that tests meet a second one. */
const FITTING = 3;

type Handler<N extends TopicMethodName> = (
  request: MessageShape<(typeof TOPIC_METHOD)[N]['input']>,
  user: string,
) => MessageInitShape<(typeof TOPIC_METHOD)[N]['output']>;

type Handlers = { readonly [N in TopicMethodName]: Handler<N> };

export class TopicModel {
  /** By `<topic> <user>`, s. */
  private readonly mutes = new Map<string, number>();
  private readonly made = new Map<string, groupv1.Topic>();
  private readonly handlers: Handlers = {
    createTopic: (request, user) => ({ topic: this.create(request, user) }),
    getTopics: ({ groupId, topicIds }, user) => this.list(groupId, topicIds, user),
    modifyTopic: ({ topicId, fields }, user) => ({ topic: this.modify(topicId, user, fields) }),
    destroyTopics: ({ groupId, topicIds }, user) => {
      this.groups.requireLead(groupId, user);
      const topics = topicIds.map((topicId) => ({ topicId, ...this.resultOf(topicId) }));
      this.destroy(
        groupId,
        topicIds.filter((id) => this.groups.topics.has(id)),
      );
      return { topics };
    },
    getTopicConversations: ({ groupId, topicIds }, user) => {
      this.groups.requireMember(groupId, user);
      const page = topicIds.slice(0, FITTING).filter((id) => this.groups.topics.has(id));
      return {
        conversations: page.flatMap((peer) => this.chat.getConversation({ user, peer }) ?? []),
        answered: Math.min(FITTING, topicIds.length),
      };
    },
  };

  constructor(
    private readonly groups: GroupModel,
    private readonly chat: ChatModel,
  ) {}

  /** As an admin of the app would; tells the room. */
  mute(topicId: string, user: string, seconds: number): void {
    const { group } = this.groups.require(topicId);
    this.mutes.set(`${topicId} ${user}`, seconds === 0 ? 0 : this.groups.seconds() + seconds);
    const MemberList = [{ Member_Account: user, MuteTime: seconds }];
    this.groups.voice.tip({ ...group, groupId: topicId }, { OpType: 7, MemberList });
  }

  handle(name: TopicMethodName, request: Uint8Array, user: string): Uint8Array {
    const { input, output }: { input: DescMessage; output: DescMessage } = TOPIC_METHOD[name];
    const handler = this.handlers[name] as (request: unknown, user: string) => MessageInitShape<DescMessage>;
    return toBinary(output, create(output, handler(fromBinary(input, request), user)));
  }

  private create(request: groupv1.CreateTopicRequest, user: string): groupv1.Topic {
    const { groupId, creationId, fields } = request;
    const known = this.made.get(creationId);
    if (known !== undefined) return known;
    const { group, members } = this.groups.requireLead(groupId, user);
    if (!group.supportTopic) throw new Refusal(11000, 'the group has no topics');
    const topicId = request.topicId || `${groupId}${TOPIC_MARK}@TOPIC#c${this.groups.topics.size + 1}`;
    if (this.groups.topics.has(topicId)) throw new Refusal(10025, 'the id is taken');
    const topic = create(groupv1.TopicSchema, { topicId, groupId, createTimeS: this.groups.seconds() });
    apply(topic, fields);
    this.made.set(creationId, topic);
    this.groups.topics.set(topicId, topic);
    for (const member of members.keys()) this.groups.voice.open({ ...group, groupId: topicId }, member);
    this.tell(groupId, { case: 'topicCreated', value: create(groupv1.TopicCreatedSchema, { topic }) });
    return topic;
  }

  private list(groupId: string, named: readonly string[], user: string) {
    const { group, members } = this.groups.requireMember(groupId, user);
    if (!group.supportTopic) throw new Refusal(11000, 'the group has no topics');
    const all = [...this.groups.topics.keys()].filter((id) => communityOf(id) === groupId);
    return {
      topics: (named.length === 0 ? all : named).map((topicId) => {
        const topic = this.groups.topics.get(topicId);
        if (topic === undefined) return { topicId, ...this.resultOf(topicId) };
        const { receiveOption = 0, topicReceiveOptions = {} } = members.get(user) ?? {};
        return {
          ...{ topicId, topic: create(groupv1.TopicSchema, topic) },
          self: {
            mutedUntilS: this.mutes.get(`${topicId} ${user}`) ?? 0,
            receiveOption: topicReceiveOptions[topicId] ?? receiveOption,
          },
        };
      }),
    };
  }

  private modify(topicId: string, user: string, fields: groupv1.TopicFields | undefined): groupv1.Topic {
    const { group } = this.groups.requireLead(topicId, user);
    const topic = this.groups.topics.get(topicId) as groupv1.Topic;
    apply(topic, fields);
    const value = create(groupv1.TopicModifiedSchema, { topic: create(groupv1.TopicSchema, topic) });
    this.tell(group.groupId, { case: 'topicModified', value });
    return topic;
  }

  private destroy(groupId: string, topicIds: readonly string[]): void {
    for (const id of topicIds) this.groups.topics.delete(id);
    const value = create(groupv1.TopicsDestroyedSchema, { topicIds: [...topicIds] });
    this.tell(groupId, { case: 'topicsDestroyed', value });
  }

  private resultOf(topicId: string): { code: number; info: string } {
    const isThere = this.groups.topics.has(topicId);
    return isThere ? { code: 0, info: '' } : { code: 110003, info: 'the topic does not exist' };
  }

  private tell(groupId: string, event: groupv1.GroupEvent['event']): void {
    this.groups.voice.tellEvent(this.groups.require(groupId).group, event);
  }
}

function apply(topic: groupv1.Topic, fields: groupv1.TopicFields | undefined): void {
  const { name, introduction, notification, faceUrl, custom, muteAll } = fields ?? {};
  const given = Object.entries({ name, introduction, notification, faceUrl, custom, muteAll });
  Object.assign(topic, Object.fromEntries(given.filter(([, value]) => value !== undefined)));
}

export const isTopicMethod = (method: string): method is TopicMethodName => method in TOPIC_METHOD;
