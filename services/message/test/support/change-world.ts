// Changes of messages in the message world: calls, and what users see afterwards.
import type { UserId } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import type { CallContext } from '@parley/rpc';
import { ALICE, asUser, BOB, C2C, type MessageNode, textBody, textOf } from './message-world.js';

export class ChangeWorld {
  constructor(readonly node: () => MessageNode) {}

  async send(text: string, from: UserId = ALICE, to: UserId = BOB): Promise<bigint> {
    const request = { to, type: C2C, clientMessageId: text, body: textBody(text), msgSeq: 7, random: 9 };
    return (await this.node().client.send(request, asUser(from))).seq;
  }

  recall(seq: bigint, as: CallContext = asUser(ALICE), peer: string = BOB, more: object = {}) {
    return this.node().client.recallMessage({ type: C2C, peer, seq, ...more }, as);
  }

  modify(seq: bigint, text: string, as: CallContext = asUser(ALICE), more: object = {}) {
    const peer = as.userId === ALICE ? BOB : ALICE;
    return this.node().client.modifyMessage({ type: C2C, peer, seq, body: textBody(text), ...more }, as);
  }

  hide(seqs: bigint[], user: UserId = BOB, peer: UserId = ALICE) {
    return this.node().client.hideMessages({ type: C2C, peer, seqs }, asUser(user));
  }

  async history(user: UserId = BOB, peer: UserId = ALICE): Promise<messagev1.Message[]> {
    return (await this.node().client.listMessages({ type: C2C, peer }, asUser(user))).messages;
  }

  async texts(user: UserId = BOB, peer: UserId = ALICE): Promise<string[]> {
    return (await this.history(user, peer)).map((message) => (isRecalled(message) ? '-' : textOf(message)));
  }

  async unread(user: UserId = BOB): Promise<bigint> {
    return (await this.node().client.countUnread({}, asUser(user))).total;
  }

  async changes(
    user: UserId = BOB,
    peer: UserId = ALICE,
    after = 0n,
  ): Promise<messagev1.ListChangesResponse> {
    return this.node().client.listChanges({ scope: 1, type: C2C, peer, afterChangeSeq: after }, asUser(user));
  }
}

export const isRecalled = ({ flags }: { flags: number }): boolean => (flags & 1_024) !== 0;
