// One group of the message world, with its members in the fake group service, in its room and among their conversations.
import type { UserId } from '@parley/kernel';
import { serviceContext } from '@parley/rpc';
import { type Facts, ORDINARY } from './fake-groups.js';
import {
  APP,
  asAdmin,
  asUser,
  GROUP,
  MessageFlag,
  type MessageNode,
  type MessageWorld,
  textBody,
} from './message-world.js';

const SERVICE = serviceContext(APP, 'group' as UserId);

export class GroupWorld {
  constructor(
    private readonly world: MessageWorld,
    readonly node: () => MessageNode,
    readonly id = '@TGS#1 of us',
  ) {}

  /** A group whose members joined before anything was said. */
  async found(members: readonly UserId[], facts: Facts = ORDINARY): Promise<void> {
    this.world.groups.set(APP, this.id, facts, []);
    for (const member of members) await this.join(member);
  }

  /** As the group service does: the row, the notice, the conversation, the rooms of the connections. */
  async join(user: UserId, withHistory = false): Promise<void> {
    this.world.groups.changeMember(APP, this.id, user, {});
    await this.node().announceGroup(`${APP} ${this.id} ${user}`);
    await this.open([user], withHistory);
    await this.world.gateway.enterRoom(APP, this.id, user);
  }

  async leave(user: UserId): Promise<void> {
    this.world.groups.removeMember(APP, this.id, user);
    await this.node().announceGroup(`${APP} ${this.id} ${user}`);
    await this.node().client.closeConversations({ groupId: this.id, userIds: [user] }, SERVICE);
    this.world.gateway.leaveRoom(APP, this.id, user);
  }

  open(userIds: readonly UserId[], withHistory = false, unreadCounts: number[] = []): Promise<unknown> {
    const request = { groupId: this.id, userIds: [...userIds], withHistory, unreadCounts };
    return this.node().client.openConversations(request, SERVICE);
  }

  async changeGroup(facts: Facts): Promise<void> {
    this.world.groups.change(APP, this.id, facts);
    await this.node().announceGroup(`${APP} ${this.id}`);
  }

  async changeMember(user: UserId, facts: Facts): Promise<void> {
    this.world.groups.changeMember(APP, this.id, user, facts);
    await this.node().announceGroup(`${APP} ${this.id} ${user}`);
  }

  send(text: string, from: UserId, more: object = {}, attempt = 0) {
    return this.node().client.send(this.request(text, more), asUser(from, { attempt }));
  }

  sendAsAdmin(text: string, from: UserId, more: object = {}) {
    return this.node().client.send({ ...this.request(text, more), from, clientMessageId: '' }, asAdmin());
  }

  sendTip(text: string, more: object = {}) {
    const tip = { ...this.request(text, more), clientMessageId: '', dedupKey: `g:${text}` };
    return this.node().client.send({ ...tip, from: '@TIM#SYSTEM', flags: MessageFlag.SYSTEM }, SERVICE);
  }

  request(text: string, more: object = {}) {
    return { to: this.id, type: GROUP, clientMessageId: text, body: textBody(text), ...more };
  }

  async history(user: UserId) {
    const request = { peer: this.id, type: GROUP, limit: 100 };
    return (await this.node().client.listMessages(request, asUser(user))).messages;
  }

  async unread(user: UserId): Promise<bigint> {
    return (await this.node().client.countUnread({ type: GROUP }, asUser(user))).total;
  }

  markRead(user: UserId, more: object = {}) {
    return this.node().client.markRead({ peer: this.id, type: GROUP, ...more }, asUser(user));
  }

  sync(user: UserId, afterSeq = 0n) {
    return this.node().client.syncMessages({ peer: this.id, type: GROUP, afterSeq }, asUser(user));
  }

  async conversation(user: UserId) {
    const { conversations } = await this.node().client.listConversations({}, asUser(user));
    return conversations.find((one) => one.type === GROUP && one.peer === this.id);
  }
}
