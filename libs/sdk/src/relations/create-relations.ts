// The parts of a session that are about relations, and who knows whom. Nothing else lives here.
import type { Caller } from '../calls/caller.js';
import type { EventHub } from '../events/event-hub.js';
import type { Logger } from '../events/logger.js';
import { C2C } from '../messages/conversation-kind.js';
import { ProfileCalls } from '../profiles/profile-calls.js';
import type { Changes } from '../sync/changes.js';
import type { ConversationBook } from '../sync/conversation-book.js';
import type { ConversationState } from '../sync/conversation-state.js';
import type { SharedTimer } from '../time/shared-timer.js';
import { BlocklistCalls } from './blocklist-calls.js';
import { FriendApplicationCalls } from './friend-application-calls.js';
import { FriendCalls } from './friend-calls.js';
import { FriendGroupCalls } from './friend-group-calls.js';
import { PeerProfiles } from './peer-profiles.js';
import { RelationBook } from './relation-book.js';
import { RelationReader } from './relation-reader.js';
import { RelationSync } from './relation-sync.js';
import { RelationTeller } from './relation-teller.js';

export interface RelationsInput {
  readonly self: string;
  readonly caller: Caller;
  readonly timer: SharedTimer;
  readonly random: () => number;
  readonly logger: Logger;
  readonly hub: EventHub;
  readonly book: ConversationBook;
  readonly changes: Changes;
}

export interface Relations {
  readonly sync: RelationSync;
  readonly friends: FriendCalls;
  readonly applications: FriendApplicationCalls;
  readonly groups: FriendGroupCalls;
  readonly blocklist: BlocklistCalls;
  readonly profileCalls: ProfileCalls;
  /** A conversation shows what the user calls the other one. */
  showRemark(state: ConversationState): void;
}

export function createRelations(input: RelationsInput): Relations {
  const { caller, book: conversations, changes } = input;
  const book = new RelationBook();
  const profileCalls: ProfileCalls = new ProfileCalls({
    ...input,
    onSeen: (profile) => peers.note(profile),
  });
  const peers = new PeerProfiles(profileCalls);
  const showRemark = (state: ConversationState) => {
    if (state.address.kind !== C2C) return;
    const remark = book.friend(state.peer)?.remark ?? '';
    if (state.view.remark === remark) return;
    state.view.remark = remark;
    changes.addConversation();
  };
  const teller: RelationTeller = new RelationTeller({
    ...input,
    book,
    peers,
    onFriends: () => {
      for (const state of conversations.all()) showRemark(state);
      changes.flush();
    },
    onProfilesMissing: () => sync.missProfiles(),
  });
  const reader = new RelationReader(caller, book);
  const sync: RelationSync = new RelationSync({ ...input, book, reader, teller });
  const known = { caller, profileCalls, relationSync: sync, teller };
  return {
    ...{ sync, profileCalls, showRemark },
    friends: new FriendCalls(known),
    applications: new FriendApplicationCalls(known),
    groups: new FriendGroupCalls(known),
    blocklist: new BlocklistCalls(known),
  };
}
