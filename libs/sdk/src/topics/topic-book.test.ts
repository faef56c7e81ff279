import { create } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import { TOPICS_KNOWN_MAX, TOPICS_PER_COMMUNITY_MAX } from '../constants/limits.js';
import { inGroup } from '../messages/conversation-kind.js';
import { ConversationBook } from '../sync/conversation-book.js';
import { TopicBook } from './topic-book.js';

const idOf = (community: number, topic: number): string => `@TGS#_${community}@TOPIC#_${topic}`;

function fill(topics: TopicBook, book: ConversationBook, community: number): void {
  for (let at = 0; at < TOPICS_PER_COMMUNITY_MAX; at++) {
    const topicId = idOf(community, at);
    book.open(inGroup(topicId), 0);
    topics.put(create(groupv1.TopicSchema, { topicId, groupId: `@TGS#_${community}` }));
  }
}

describe('known topics', () => {
  it('are those of the communities that were in use last', () => {
    const book = new ConversationBook('bob');
    const topics = new TopicBook('bob', book);
    book.onOpen = ({ peer }) => topics.noteOpen(peer);
    const communities = TOPICS_KNOWN_MAX / TOPICS_PER_COMMUNITY_MAX;
    for (let at = 0; at < communities; at++) fill(topics, book, at);
    topics.demand('@TGS#_0');
    fill(topics, book, communities);
    expect(topics.communityIDs).toEqual(['@TGS#_2', '@TGS#_3', '@TGS#_4', '@TGS#_0', '@TGS#_5']);
    expect(topics.find(idOf(1, 7))).toBeUndefined();
    expect(book.get(inGroup(idOf(1, 7)).id)).toBeUndefined();
    expect(book.get(inGroup(idOf(0, 7)).id)).toBeDefined();
  });
});
