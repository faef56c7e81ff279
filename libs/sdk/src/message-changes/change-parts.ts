// The parts of a session about changes of messages, and who of them knows whom.
import type { Caller } from '../calls/caller.js';
import type { Logger } from '../events/logger.js';
import type { ConversationAddress } from '../messages/conversation-kind.js';
import type { MessageStore } from '../messages/message-store.js';
import type { Changes } from '../sync/changes.js';
import type { ConversationBook } from '../sync/conversation-book.js';
import { GapRepair } from '../sync/gap-repair.js';
import type { SharedTimer } from '../time/shared-timer.js';
import { ChangeCalls } from './change-calls.js';
import type { ChangeFeed } from './change-feed.js';
import { MessageChanges } from './message-changes.js';
import { Reread } from './reread.js';

export interface ChangePartsInput {
  readonly self: string;
  readonly caller: Caller;
  readonly timer: SharedTimer;
  readonly random: () => number;
  readonly logger: Logger;
  readonly book: ConversationBook;
  readonly store: MessageStore;
  readonly changes: Changes;
  /** Ask the server about this conversation. */
  readonly onUncertain: (address: ConversationAddress) => void;
  /** Ask the server how far the changes of the user's own view are. */
  readonly onUncertainView: () => void;
  /** The server says that the user is not in the group. */
  readonly onExcluded: (groupID: string) => void;
}

export interface ChangeParts {
  readonly messageChanges: MessageChanges;
  readonly changeRepair: GapRepair<ChangeFeed>;
  readonly changeCalls: ChangeCalls;
}

export function createChangeParts(input: ChangePartsInput): ChangeParts {
  const reread = new Reread(input);
  const messageChanges: MessageChanges = new MessageChanges({
    ...input,
    onGap: (feed) => changeRepair.request(feed),
    onOutdated: (states) => reread.request(states),
  });
  const changeRepair = new GapRepair<ChangeFeed>({
    ...input,
    ask: (feed) => messageChanges.ask(feed),
    onLateFill: () => undefined,
    onExcluded: ({ address }) => address && input.onExcluded(address.peer),
  });
  const changeCalls = new ChangeCalls({ ...input, messageChanges });
  return { messageChanges, changeRepair, changeCalls };
}
