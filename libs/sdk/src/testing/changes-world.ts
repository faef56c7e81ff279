// One-to-one chats whose messages change, and what their devices say of it.
import { EVENT } from '../constants/event.js';
import type { Conversation } from '../model/conversation.js';
import type { Message } from '../model/message.js';
import type { Device, World } from './world.js';

export const LONG_MS = 10 * 60_000;

export const revokedAt = (device: Device) => device.told<Message[]>(EVENT.MESSAGE_REVOKED).flat();
export const modifiedAt = (device: Device) => device.told<Message[]>(EVENT.MESSAGE_MODIFIED).flat();
export const listAt = (device: Device) =>
  device.told<Conversation[]>(EVENT.CONVERSATION_LIST_UPDATED).at(-1) ?? [];
export const unreadAt = (device: Device) => device.chat.getTotalUnreadMessageCount();

export async function textsOf(world: World, device: Device, conversationID: string): Promise<string[]> {
  const { messageList } = await world.done(device.chat.getMessageList({ conversationID }));
  return messageList.map(({ isRevoked, payload }) => (isRevoked ? '-' : payload.text));
}

/** alice said some things to bob, and all devices of both have them. */
export async function chatOf(world: World, ...texts: string[]) {
  const [alice, bob, phone] = [
    await world.ready('alice'),
    await world.ready('bob'),
    await world.ready('bob'),
  ];
  const sent = texts.map((text) => alice.sendText('bob', text));
  await world.clock.pass(1_000);
  return { alice, bob, phone, messages: sent.map(({ message }) => message) };
}

export async function offline(world: World, device: Device, what: () => Promise<void>): Promise<void> {
  const { onPush } = world.server.faults;
  world.server.faults.onPush = (_push, { user }) => (user === device.user ? 'drop' : 'deliver');
  await what();
  world.server.faults.onPush = onPush;
  for (const connection of world.server.connectionsOf(device.user)) connection.cut();
  await world.clock.pass(5_000);
}

export async function edit(world: World, device: Device, message: Message, text: string): Promise<Message> {
  message.payload.text = text;
  return (await world.done(device.chat.modifyMessage(message))).message;
}
