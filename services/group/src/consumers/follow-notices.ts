// Single persons learn what concerns them: one message a notice, from the platform to the person.
import type { AppId } from '@parley/kernel';
import { type groupv1, messagev1 } from '@parley/proto';
import { type Notice, noticesOfChange } from '../domain/notice-bodies.js';
import type { GroupEvents } from '../events.js';
import { type MessageClient, tell } from '../telling/tell.js';
import { inItsPlace } from './change-place.js';

const NOTICES_AT_ONCE = 16;
const FLAGS = messagev1.MessageFlag.SYSTEM;

export class FollowNotices {
  constructor(
    private readonly messages: MessageClient,
    private readonly events: GroupEvents,
  ) {}

  readonly follow = async (record: groupv1.GroupChange): Promise<void> => {
    const change = inItsPlace(record);
    const notices = noticesOfChange(change);
    for (let at = 0; at < notices.length; at += NOTICES_AT_ONCE) {
      const some = notices.slice(at, at + NOTICES_AT_ONCE);
      const outcomes = await Promise.allSettled(some.map((notice) => this.#send(change, notice)));
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    }
  };

  async #send(change: groupv1.GroupChange, { to, content }: Notice): Promise<void> {
    const appId = change.appId as AppId;
    const { groupId, changeSeq } = change;
    const refusal = await tell(this.messages, {
      appId,
      to,
      type: messagev1.ConversationType.C2C,
      elementType: 'TIMGroupSystemNoticeElem',
      content,
      flags: FLAGS,
      dedupKey: `n:${groupId}:${changeSeq}:${content.ReportType}`,
    });
    if (refusal === undefined) this.events.noticeSent();
    else this.events.tellingRefused({ appId, groupId }, refusal);
  }
}
