import { TYPES } from '../constants/types.js';
import type { MessagePayload, MessageRecord } from '../model/message.js';
import { createBlankMessage } from './blank-message.js';
import { c2cWith } from './conversation-kind.js';
import { MessageStore } from './message-store.js';
import { RecentIds } from './recent-ids.js';

function record(ID: string, seq: number, peer = 'bob'): MessageRecord {
  const message = createBlankMessage({
    ...{ ID, from: peer, to: 'alice', conversation: c2cWith(peer), isOwn: false, clientTime: 1, random: 1 },
    elements: [{ type: TYPES.MSG_TEXT, payload: { text: 'x' } as MessagePayload }],
  });
  return { message, seq, flags: 0, isCounted: true, isSentHere: false, version: 0 };
}

describe('MessageStore', () => {
  it('keeps the object that the app holds and learns its number', () => {
    const store = new MessageStore(10);
    const sent = store.put(record('a', 0));
    const seen = store.put(record('a', 7));
    expect(seen).toBe(sent);
    expect(sent.seq).toBe(7);
    expect(store.find('a')).toBe(sent);
  });

  it('is bounded: the first ones leave first', () => {
    const store = new MessageStore(2);
    store.put(record('a', 1));
    store.put(record('b', 2));
    store.put(record('c', 3, 'carol'));
    expect(store.find('a')).toBeUndefined();
    expect([...store.ofConversation('C2Cbob')].map(({ seq }) => seq)).toEqual([2]);
    expect([...store.ofConversation('C2Ccarol')].length).toBe(1);
    store.clear();
    expect([...store.ofConversation('C2Cbob')]).toEqual([]);
  });
});

describe('RecentIds', () => {
  it('knows the last ones', () => {
    const ids = new RecentIds(2);
    expect([ids.add('a'), ids.add('a'), ids.add('b'), ids.add('c'), ids.add('a')]).toEqual([
      true,
      false,
      true,
      true,
      true,
    ]);
  });
});
