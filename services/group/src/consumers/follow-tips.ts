// Members read in the group what has changed: one message a tip.
import type { AppId } from '@parley/kernel';
import { type groupv1, messagev1 } from '@parley/proto';
import type { GroupTypes } from '../domain/group-types.js';
import { tipsOf } from '../domain/tip-bodies.js';
import type { GroupEvents } from '../events.js';
import { type MessageClient, tell } from '../telling/tell.js';
import { inItsPlace } from './change-place.js';

const { MessageFlag, ConversationType } = messagev1;
/** A tip is nobody's message: it does not count as unread. */
const STORED_FLAGS = MessageFlag.SYSTEM | MessageFlag.NO_UNREAD;
const SENT_FLAGS = MessageFlag.SYSTEM | MessageFlag.ONLINE_ONLY;

export class FollowTips {
  constructor(
    private readonly messages: MessageClient,
    private readonly types: GroupTypes,
    private readonly events: GroupEvents,
  ) {}

  readonly follow = async (record: groupv1.GroupChange): Promise<void> => {
    const change = inItsPlace(record);
    this.events.changeConsumed();
    if (change.group === undefined) return;
    const tips = tipsOf(change, this.types.of(change.group));
    for (const [at, { fate, content }] of tips.entries()) {
      const refusal = await tell(this.messages, {
        appId: change.appId as AppId,
        to: change.groupId,
        type: ConversationType.GROUP,
        elementType: 'TIMGroupTipElem',
        content,
        flags: fate === 'stored' ? STORED_FLAGS : SENT_FLAGS,
        dedupKey: `g:${change.changeSeq}${at === 0 ? '' : `:${at}`}`,
      });
      if (refusal === undefined) this.events.tipSent();
      else this.events.tellingRefused({ appId: change.appId as AppId, groupId: change.groupId }, refusal);
    }
  };
}
