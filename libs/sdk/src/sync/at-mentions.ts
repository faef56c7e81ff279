// Unread messages of a group that mention this user, for a conversation list.
import { AT_INFO_MAX } from '../constants/limits.js';
import { TYPES } from '../constants/types.js';
import type { GroupAtInfo } from '../model/conversation.js';
import type { MessageRecord } from '../model/message.js';

export class AtMentions {
  private found: { readonly seq: number; readonly info: GroupAtInfo }[] = [];

  constructor(private readonly self: string) {}

  add({ message, seq }: MessageRecord): void {
    const { flow, atUserList, from, sequence } = message;
    const isAll = atUserList.includes(TYPES.MSG_AT_ALL);
    const isSelf = atUserList.includes(this.self);
    if (flow === 'out' || !(isAll || isSelf)) return;
    const allOrBoth = isSelf ? TYPES.CONV_AT_ALL_AT_ME : TYPES.CONV_AT_ALL;
    const atTypeArray = [isAll ? allOrBoth : TYPES.CONV_AT_ME];
    this.found.push({ seq, info: { from, messageSequence: sequence, atTypeArray } });
    if (this.found.length > AT_INFO_MAX) this.found.shift();
  }

  /** What is still unread; the rest is forgotten. */
  above(readSeq: number): GroupAtInfo[] {
    if (this.found.length > 0) this.found = this.found.filter(({ seq }) => seq > readSeq);
    return this.found.map(({ info }) => info);
  }
}
