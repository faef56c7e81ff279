// Import of a message to a group: its time must not be before the last one's.
import { ChatError, type Clock } from '@parley/kernel';
import type { messagev1 } from '@parley/proto';
import { CallerRole } from '@parley/rpc';
import { GROUP_CODES } from '../domain/codes.js';
import type { GroupConversation } from '../domain/conversation.js';
import { decideGroupImport, type GroupDraft, type GroupPair } from '../domain/decide-group-send.js';
import { groupUnknown, noHistory } from '../domain/group-rules.js';
import { senderUnknown } from '../errors.js';
import type { MessageEvents } from '../events.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { Accepted, AcceptMessage } from '../sending/accept-message.js';
import type { AccountCheck } from '../sending/account-check.js';
import type { GroupDirectory } from '../sending/group-directory.js';
import type { RetryResolver } from '../sending/retry-resolver.js';
import type { MessageStore } from '../stores/message-store.js';
import type { Caller } from './send-message.js';

export interface ImportToGroupOptions {
  readonly accounts: AccountCheck;
  readonly directory: GroupDirectory;
  readonly reader: ConversationReader;
  readonly accept: AcceptMessage;
  readonly messages: MessageStore;
  readonly retries: RetryResolver;
  readonly events: MessageEvents;
  readonly clock: Clock;
}

export class ImportToGroup {
  constructor(private readonly options: ImportToGroupOptions) {}

  /** Answers after the message is durable. One that is there already stays as it is. */
  async run(request: messagev1.ImportRequest, pair: GroupPair, caller: Caller): Promise<Accepted> {
    const { accept, events, clock } = this.options;
    const { attempt, firstAttemptAtMs, role, deadlineMs, appId } = caller;
    const draft = decideGroupImport(request, pair, { appId, nowMs: clock.now() });
    const check = () => this.#check(draft, pair, caller);
    const accepted = await accept.run(draft, { attempt, firstAttemptAtMs, role, deadlineMs, check });
    if (!accepted.isDuplicate) events.imported();
    return accepted;
  }

  async #check(draft: GroupDraft, pair: GroupPair, caller: Caller): Promise<void> {
    const { directory, accounts, retries } = this.options;
    const { appId } = caller;
    await directory.allow({ appId, groupId: pair.groupId, user: pair.from }, (facts) => {
      if (!facts.exists) return groupUnknown();
      return facts.storesHistory ? undefined : noHistory();
    });
    if (caller.role === CallerRole.ADMIN) {
      await accounts.require(appId, pair.from, senderUnknown(GROUP_CODES));
    }
    const lastMs = await this.#lastTimeMs(draft.conversation as GroupConversation);
    const isOlder = (draft.originalTimeMs ?? 0) < wholeSecond(lastMs);
    if (!isOlder || (await retries.isKnown(draft, caller))) return;
    throw new ChatError(GROUP_CODES.timeInvalid, 'SendTime is before the last message of the group');
  }

  /** Also of one that did not become the conversation's last message. */
  async #lastTimeMs(conversation: GroupConversation): Promise<number> {
    const { head } = await this.options.reader.head(conversation);
    if (head === undefined) return 0;
    if (head.importedSeqMax <= head.lastSeqFirst) return head.lastTimeMs;
    const [row] = await this.options.messages.getMany([{ conversation, seq: head.importedSeqMax }]);
    return Math.max(head.lastTimeMs, row?.facts.timeMs ?? 0);
  }
}

const wholeSecond = (ms: number): number => Math.floor(ms / 1_000) * 1_000;
