import { create } from '@bufbuild/protobuf';
import * as kernel from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import {
  addressOfMessage,
  addressOnWire,
  communityOf,
  LIVE_ROOMS_ID,
  parseConversationID,
  TOPIC_MARK,
} from './conversation-kind.js';

const { ConversationType } = messagev1;

describe('conversation ids', () => {
  it.each([
    ['C2Cbob', 'C2C', 'bob'],
    ['GROUPteam', 'GROUP', 'team'],
    ['GROUP@TGS#1', 'GROUP', '@TGS#1'],
    ['C2CGROUP', 'C2C', 'GROUP'],
    ['GROUP@TGS#_1@TOPIC#_2', 'TOPIC', '@TGS#_1@TOPIC#_2'],
    ['@TIM#SYSTEM', '@TIM#SYSTEM', '@TIM#SYSTEM'],
  ])('%s', (id, type, peer) => {
    const address = parseConversationID(id);
    expect([address?.id, address?.kind.type, address?.peer]).toEqual([id, type, peer]);
  });

  it.each(['', 'C2C', 'GROUP', 'bob', 'TOPICx', undefined, 7])('%p is none', (id) => {
    expect(parseConversationID(id)).toBeUndefined();
  });
});

describe('a message of the wire', () => {
  const of = (type: messagev1.ConversationType, from: string, to: string) =>
    addressOfMessage(create(messagev1.MessageSchema, { type, from, to }), 'alice')?.id;

  it('lies in the conversation with its other end', () => {
    expect(of(ConversationType.C2C, 'bob', 'alice')).toBe('C2Cbob');
    expect(of(ConversationType.C2C, 'alice', 'bob')).toBe('C2Cbob');
    expect(of(ConversationType.UNSPECIFIED, 'bob', 'alice')).toBe('C2Cbob');
    expect(of(ConversationType.GROUP, 'bob', 'team')).toBe('GROUPteam');
    expect(of(ConversationType.GROUP, 'alice', 'team')).toBe('GROUPteam');
    expect(of(ConversationType.C2C, '@TIM#SYSTEM', 'alice')).toBe('@TIM#SYSTEM');
  });

  it('of a newer type lies nowhere', () => {
    expect(of(9 as messagev1.ConversationType, 'bob', 'alice')).toBeUndefined();
    expect(addressOnWire(9 as messagev1.ConversationType, 'x')).toBeUndefined();
  });
});

describe('the receiver of what is said in all live groups', () => {
  it('is that of the platform', () => expect(LIVE_ROOMS_ID).toBe(kernel.LIVE_ROOMS_ID));
});

describe('ids of topics', () => {
  it('are those of the platform', () => {
    expect(TOPIC_MARK).toBe(kernel.TOPIC_MARK);
    for (const id of ['@TGS#_1', '@TGS#_1@TOPIC#_2', '@TGS#_1@TOPIC#_@TOPIC#c']) {
      expect(communityOf(id)).toBe(kernel.membersGroupOf(id as kernel.GroupId));
    }
  });
});
