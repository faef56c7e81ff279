// A group of two, and what their devices say of it.
import { EVENT } from '../constants/event.js';
import { TYPES } from '../constants/types.js';
import type { Conversation, Group } from '../model/conversation.js';
import type { Message } from '../model/message.js';
import type { Device, World } from './world.js';

export const groupIDs = (device: Device): string[] =>
  (device.told<Group[]>(EVENT.GROUP_LIST_UPDATED).at(-1) ?? []).map(({ groupID }) => groupID);

export const noticesOf = (device: Device): Message[] =>
  device.received.filter(({ type }) => type === TYPES.MSG_GRP_SYS_NOTICE);

export const tipsOf = (device: Device): Message[] =>
  device.received.filter(({ type }) => type === TYPES.MSG_GRP_TIP);

export async function conversationsOf(device: Device): Promise<string[]> {
  const { data } = await device.chat.getConversationList();
  return data.conversationList.map(({ conversationID }) => conversationID);
}

/** Unread messages of the group; notices are counted in a conversation of their own. */
export const unreadIn = (device: Device): number =>
  (device.told<Conversation[]>(EVENT.CONVERSATION_LIST_UPDATED).at(-1) ?? [])
    .filter(({ conversationID }) => conversationID === 'GROUPteam')
    .reduce((total, { unreadCount }) => total + unreadCount, 0);

/** alice owns a group with bob in it. */
export async function groupOfTwo(world: World) {
  const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
  const { group } = await world.done(
    alice.chat.createGroup({
      name: 'team',
      type: TYPES.GRP_PUBLIC,
      groupID: 'team',
      memberList: [{ userID: 'bob' }],
    }),
  );
  return { alice, bob, group };
}
