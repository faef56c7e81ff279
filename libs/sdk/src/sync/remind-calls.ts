// Whether this user is told of what is written in a conversation.
import type { groupv1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { GROUP_METHOD } from '../calls/group-method.js';
import { METHOD } from '../calls/method.js';
import { REMIND_USERS_MAX } from '../constants/limits.js';
import { check, requireGroupID, requireUserIDs } from '../groups/checks.js';
import type { GroupBook } from '../groups/group-book.js';
import type { GroupCalls } from '../groups/group-calls.js';
import type { GroupSync } from '../groups/group-sync.js';
import { toWireRemindType } from '../groups/group-view.js';
import { type ConversationAddress, c2cWith, communityOf } from '../messages/conversation-kind.js';
import type { RemindTypeData, RemindTypeOptions } from '../model/group-sdk.js';
import type { Changes } from './changes.js';
import type { ConversationBook } from './conversation-book.js';

export interface RemindCallsOptions {
  readonly caller: Caller;
  readonly book: ConversationBook;
  readonly changes: Changes;
  readonly groups: GroupBook;
  readonly groupSync: GroupSync;
  readonly groupCalls: GroupCalls;
  /** Asks the server about a conversation in the background. */
  readonly onStale: (address: ConversationAddress) => void;
}

export class RemindCalls {
  constructor(private readonly options: RemindCallsOptions) {}

  /** Another device has set something; what stands the server knows. */
  onNotice(peers: readonly string[]): void {
    for (const address of peers.map(c2cWith)) {
      if (this.options.book.get(address.id) !== undefined) this.options.onStale(address);
    }
  }

  async set(options: RemindTypeOptions): Promise<RemindTypeData> {
    const option = toWireRemindType(options?.messageRemindType);
    check(option !== undefined, 'messageRemindType is a MSG_REMIND_ constant');
    const { userIDList } = options;
    return userIDList === undefined
      ? this.setOfGroup(requireGroupID(options.groupID), option)
      : this.setOfUsers(userIDList, { option, type: options });
  }

  private async setOfGroup(groupId: string, receiveOption: groupv1.ReceiveOption): Promise<RemindTypeData> {
    const { caller, groups, groupCalls, groupSync } = this.options;
    const { member } = await caller.call(GROUP_METHOD.modifyMember, { groupId, receiveOption });
    const home = communityOf(groupId);
    const group = await groupCalls.known(home);
    if (member !== undefined && groups.get(home) !== undefined) await groupSync.refresh(home);
    return { group, successUserIDList: [], failureUserIDList: [] };
  }

  private async setOfUsers(
    userIDList: string[],
    asked: { readonly option: groupv1.ReceiveOption; readonly type: RemindTypeOptions },
  ): Promise<RemindTypeData> {
    const { caller, book, changes } = this.options;
    const peers = requireUserIDs(userIDList, REMIND_USERS_MAX);
    check(peers.length > 0, 'userIDList is empty');
    await caller.call(METHOD.setReceiveOption, { peers, option: asked.option });
    for (const peer of peers) {
      const state = book.get(c2cWith(peer).id);
      if (state !== undefined) state.view.messageRemindType = asked.type.messageRemindType;
    }
    changes.addConversation();
    changes.flush();
    return { successUserIDList: peers, failureUserIDList: [] };
  }
}
