import { ErrorCode } from '@parley/kernel';
import type { groupv1, messagev1 } from '@parley/proto';
import { eachText, fieldOf, requiredList } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { boundedAnswer, defineGroupCommand } from './group-command.js';
import { loadHeads, loadTopicReadSeqs } from './group-facts.js';
import { groupIdOf } from './group-fields.js';
import { receiveOptionName } from './group-json.js';
import { TOPICS_PER_CALL_MAX } from './group-limits.js';
import { optionalMember } from './member-fields.js';
import { FieldFilter } from './response-filter.js';

interface TopicsQuery {
  readonly groupId: string;
  /** Empty: all. */
  readonly topicIds: string[];
  /** '' for nobody. */
  readonly user: string;
  readonly filter: FieldFilter;
}

type Item = Record<string, unknown>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;

/** Topics of a community, each with its own result, and how one member stands in them. Source: rest-groups.md 8.1. */
export const getTopic = defineGroupCommand<TopicsQuery, readonly Item[]>({
  path: 'million_group_open_http_svc/get_topic',

  parse: (body) => ({
    groupId: groupIdOf(body),
    topicIds: topicIdsOf(body),
    user: optionalMember(body, 'From_Account') ?? '',
    filter: FieldFilter.of(body, 'ResponseFilter'),
  }),

  async call({ groupId, topicIds, user, filter }, scope) {
    const { topics } = await scope.tools.groups.getTopics({ groupId, topicIds, user }, scope.context);
    const found = topics.filter(({ topic }) => topic !== undefined).map(({ topicId }) => topicId);
    const [heads, readSeqs] = await Promise.all([
      loadHeads(scope, found),
      loadTopicReadSeqs(scope, { user, groupId }, ownOf(topics)),
    ]);
    return topics.map((outcome) => {
      const view = { head: heads.get(outcome.topicId), readSeq: readSeqs.get(outcome.topicId) };
      return renderTopic(outcome, view, filter);
    });
  },

  render: (items) => boundedAnswer({ TopicAndSelfInfo: items }),
});

function topicIdsOf(body: JsonObject): string[] {
  if (fieldOf(body, 'TopicIdList') === undefined) return [];
  const items = requiredList(body, 'TopicIdList', {
    codes: { notArray: BAD, tooFew: BAD, tooMany: BAD },
    bounds: { min: 0, max: TOPICS_PER_CALL_MAX },
  });
  return [...new Set(eachText(items, 'TopicIdList', BAD))];
}

/** Those in which the user named is. */
const ownOf = (topics: readonly groupv1.TopicOutcome[]): string[] =>
  topics.filter(({ self }) => self !== undefined).map(({ topicId }) => topicId);

interface TopicView {
  readonly head: messagev1.Head | undefined;
  readonly readSeq: bigint | undefined;
}

function renderTopic(
  { topicId, code, info, topic, self }: groupv1.TopicOutcome,
  { head, readSeq }: TopicView,
  filter: FieldFilter,
): Item {
  const result = { ErrorCode: code, ErrorInfo: info };
  if (topic === undefined) return { ...result, TopicInfo: { TopicId: topicId } };
  const fields: Item = {
    GroupID: topic.groupId,
    TopicName: topic.name,
    FaceUrl: topic.faceUrl,
    Notification: topic.notification,
    Introduction: topic.introduction,
    CustomString: topic.custom,
    CreateTime: topic.createTimeS,
    LastMsgTime: Math.floor(Number(head?.lastTimeMs ?? 0n) / 1_000),
    NextMsgSeq: Number(head?.seq ?? 0n) + 1,
    MuteAllMember: topic.muteAll ? 'On' : 'Off',
    DefaultPermission: Number(topic.defaultPermission),
  };
  const wanted = Object.entries(fields).filter(([name]) => filter.wants(name));
  return {
    ...result,
    ...(self === undefined ? {} : { SelfInfo: renderSelf(self, readSeq ?? 0n) }),
    TopicInfo: { TopicId: topicId, ...Object.fromEntries(wanted) },
  };
}

const renderSelf = (self: groupv1.TopicSelf, readSeq: bigint): Item => ({
  MuteTime: self.mutedUntilS,
  ShutUpTime: self.mutedUntilS,
  MsgSeq: Number(readSeq),
  MsgFlag: receiveOptionName(self.receiveOption),
});
