// Unread messages of a group that mention this user, for a conversation list.
import type { messagev1 } from '@parley/proto';
import { AT_INFO_MAX } from '../constants/limits.js';
import { TYPES } from '../constants/types.js';
import type { GroupAtInfo } from '../model/conversation.js';
import type { MessageRecord } from '../model/message.js';

export class AtMentions {
  private found: readonly Found[] = [];

  constructor(private readonly self: string) {}

  add({ message, seq }: MessageRecord): void {
    const { flow, atUserList, from } = message;
    const [atAll, atUser] = [atUserList.includes(TYPES.MSG_AT_ALL), atUserList.includes(this.self)];
    const isUnread = flow === 'in' && !message.isRevoked;
    if (isUnread && (atAll || atUser)) this.keep([toFound({ seq, from, atAll, atUser })]);
  }

  /** What the server knows up to its head, also of before this device was there, stands. */
  rebase(headSeq: number, known: readonly messagev1.Mention[]): void {
    const newer = this.found.filter(({ seq }) => seq > headSeq);
    this.found = [];
    this.keep([...known.map((one) => toFound({ ...one, seq: Number(one.seq) })), ...newer]);
  }

  /** The message was recalled or deleted. */
  drop(seq: number): void {
    if (this.found.length > 0) this.found = this.found.filter((one) => one.seq !== seq);
  }

  /** What is still unread; the rest is forgotten. */
  above(readSeq: number): GroupAtInfo[] {
    if (this.found.length > 0) this.found = this.found.filter(({ seq }) => seq > readSeq);
    return this.found.map(({ info }) => info);
  }

  private keep(more: readonly Found[]): void {
    this.found = [...this.found, ...more].slice(-AT_INFO_MAX);
  }
}

interface Found {
  readonly seq: number;
  readonly info: GroupAtInfo;
}

interface Mention {
  readonly seq: number;
  readonly from: string;
  readonly atAll: boolean;
  readonly atUser: boolean;
}

function toFound({ seq, from, atAll, atUser }: Mention): Found {
  const allOrBoth = atUser ? TYPES.CONV_AT_ALL_AT_ME : TYPES.CONV_AT_ALL;
  return { seq, info: { from, messageSequence: seq, atTypeArray: [atAll ? allOrBoth : TYPES.CONV_AT_ME] } };
}
