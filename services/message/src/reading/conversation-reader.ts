// Conversations as one user sees them.
import { type AppId, READ_YOUR_WRITE_WAIT_MS, type UserId } from '@parley/kernel';
import type {
  Conversation,
  GroupConversation,
  PairConversation,
  Peer,
  Stream,
  UserView,
} from '../domain/conversation.js';
import { sideOf } from '../domain/conversation.js';
import { type ConversationHead, EMPTY_HEAD } from '../domain/conversation-head.js';
import { markWithImports } from '../domain/group-mark.js';
import { CONVERSATIONS_PER_USER_MAX } from '../domain/limits.js';
import { recalledAbove } from '../domain/recalled-counts.js';
import { atLeastZero, peerCount, type ReadMark, raised, unreadAt } from '../domain/unread.js';
import type { MessageEvents } from '../events.js';
import type { HeadStore } from '../stores/head-store.js';
import type { MessageStore } from '../stores/message-store.js';
import { FULL_SIGHT, type Sight, type SightStore } from '../stores/sight-store.js';
import type { UserConversation, UserConversationStore } from '../stores/user-conversation-store.js';
import type { GroupReader, Standing } from './group-reader.js';
import type { HistoryProgress } from './history-progress.js';

export interface ConversationView {
  readonly conversation: Conversation;
  readonly peer: Peer;
  readonly head: ConversationHead;
  readonly mark: ReadMark;
  readonly unread: bigint;
  /** The last message that the user sees; 0n: none. */
  readonly lastSeq: bigint;
  /** Of a group: the last message that is for some members only, perhaps for the user. */
  readonly lastForSomeSeq: bigint;
  /** Of a group: when the user came in; 0 otherwise. */
  readonly openedAtMs: number;
  /** Of a group: the head when the user came in; 0 otherwise. */
  readonly openedSeq: bigint;
  /** What is not above is not shown to the user; 0n: nothing of the sort. */
  readonly clearedSeq: bigint;
  /** What lies below was said before the user came in. */
  readonly visibleFromSeq: bigint;
  /** What the user has deleted of it. */
  readonly sight: Sight;
}

export interface ConversationReaderOptions {
  readonly heads: HeadStore;
  readonly messages: MessageStore;
  readonly users: UserConversationStore;
  readonly groups: GroupReader;
  readonly sights: SightStore;
  readonly progress: HistoryProgress;
  readonly events: MessageEvents;
  readonly partitionOf: (stream: Stream) => number;
}

export interface FreshHead {
  /** Undefined: the conversation has no message. */
  readonly head: ConversationHead | undefined;
  /** Whether it shows everything that the log held when it was asked for. */
  readonly isCaughtUp: boolean;
}

export class ConversationReader {
  constructor(private readonly options: ConversationReaderOptions) {}

  /** The head after everything acked before this call, unless the writer is too far behind (P7). */
  async head(conversation: Conversation): Promise<FreshHead> {
    const { progress, heads, partitionOf } = this.options;
    const partition = partitionOf(conversation);
    const isCaughtUp = await progress.catchUp(partition, READ_YOUR_WRITE_WAIT_MS);
    const head = await heads.get(conversation, progress.knownWritten(partition));
    return { head: head === undefined || head.seq === 0n ? undefined : head, isCaughtUp };
  }

  /**
   * Every conversation of a user that has messages, and every group that the user is in, in no particular order; at
   * most CONVERSATIONS_PER_USER_MAX.
   */
  async all(appId: AppId, user: UserId): Promise<ConversationView[]> {
    const { progress, users, heads, events, groups, sights } = this.options;
    await progress.catchUpAll(READ_YOUR_WRITE_WAIT_MS);
    const { pairs, groups: rows, isCut } = await users.list(appId, user, CONVERSATIONS_PER_USER_MAX);
    if (isCut) events.conversationListCut(appId, user);
    const found = await heads.getMany(pairs.map((row) => row.conversation));
    const known = await sights.all(appId, user);
    const sightOf = ({ conversation }: { readonly conversation: Conversation }): Sight =>
      known.get(conversation.id) ?? FULL_SIGHT;
    const views = await this.#views(
      user,
      pairs.map((row) => ({ ...row, sight: sightOf(row) })),
      found,
    );
    const standings = await groups.standings(appId, user, rows);
    const groupHeads = await heads.getMany(rows.map((row) => row.conversation));
    for (const [index, standing] of standings.entries()) {
      views.push(await this.#groupView(user, { ...standing, sight: sightOf(standing) }, groupHeads[index]));
    }
    return views;
  }

  /** A group as a user sees it who is in it; undefined otherwise. */
  async inGroup(conversation: GroupConversation, user: UserId): Promise<ConversationView | undefined> {
    const { head } = await this.head(conversation);
    const standing = await this.options.groups.standing(conversation, user);
    if (!standing.membership.isOpen) return undefined;
    const sight = await this.options.sights.of(conversation, user);
    return this.#groupView(user, { ...standing, sight }, head);
  }

  /** Topics of one community as a user sees them, in the order asked; undefined for who is not in it. */
  async inTopics(
    topics: readonly GroupConversation[],
    user: UserId,
  ): Promise<ConversationView[] | undefined> {
    const { progress, heads, groups, sights } = this.options;
    await progress.catchUpAll(READ_YOUR_WRITE_WAIT_MS);
    const found = await heads.getMany(topics);
    const standings = await groups.inTopics(topics, user);
    if (standings === undefined) return undefined;
    const seen = await sights.ofMany(topics, user);
    return Promise.all(
      standings.map((standing, at) =>
        this.#groupView(user, { ...standing, sight: seen[at] ?? FULL_SIGHT }, found[at]),
      ),
    );
  }

  /** The conversations with these peers that have messages, by the peer. */
  async withPeers(
    user: UserId,
    conversations: readonly { readonly conversation: PairConversation; readonly peer: UserId }[],
  ): Promise<Map<Peer, ConversationView>> {
    const { users, heads, progress } = this.options;
    const partitions = new Set(conversations.map((one) => this.options.partitionOf(one.conversation)));
    await Promise.all([...partitions].map((one) => progress.catchUp(one, READ_YOUR_WRITE_WAIT_MS)));
    const marks = await users.marks(conversations.map(({ conversation }) => ({ conversation, user })));
    const found = await heads.getMany(conversations.map((one) => one.conversation));
    const sights = await this.options.sights.ofMany(
      conversations.map((one) => one.conversation),
      user,
    );
    const rows = conversations.map((one, index) => ({
      ...one,
      mark: marks[index] as ReadMark,
      sight: sights[index] ?? FULL_SIGHT,
    }));
    return new Map((await this.#views(user, rows, found)).map((view) => [view.peer, view]));
  }

  /** Where the head stands in a user's own view. */
  async userHead(stream: UserView): Promise<bigint> {
    const head = await this.options.heads.get(
      stream,
      this.options.progress.knownWritten(this.options.partitionOf(stream)),
    );
    return head?.changeSeq ?? 0n;
  }

  /** Messages of the peer above the mark, without those that were recalled. */
  async unread(
    conversation: Conversation,
    user: UserId,
    head: ConversationHead,
    mark: ReadMark,
  ): Promise<bigint> {
    const ofPeer = peerCount(head, conversation, user);
    const recalled = recalledAbove(head.recalled, { conversation, reader: user, readSeq: mark.readSeq });
    const known = unreadAt(head, mark, ofPeer);
    if (known !== undefined) return atLeastZero(known - recalled);
    const row = await this.options.messages.newestUpTo(conversation, mark.readSeq);
    const read = row === undefined ? 0n : peerCount(row.facts, conversation, user);
    return atLeastZero(ofPeer - read - recalled);
  }

  async #views(
    user: UserId,
    rows: readonly (UserConversation & { readonly sight: Sight })[],
    heads: readonly (ConversationHead | undefined)[],
  ): Promise<ConversationView[]> {
    const views: ConversationView[] = [];
    for (const [index, row] of rows.entries()) {
      const head = heads[index];
      if (head === undefined || head.seq === 0n) continue;
      const { conversation, peer, mark, sight } = row;
      const clearedSeq = higher(sight.clearedSeq, head.clearedSeq);
      const unread = await this.unread(conversation, user, head, raised(mark, clearedSeq));
      const lastSeq = sideOf(conversation, user) === 'first' ? head.lastSeqFirst : head.lastSeqSecond;
      views.push({
        conversation,
        peer,
        head,
        mark,
        unread,
        lastSeq: lastSeq > clearedSeq ? lastSeq : 0n,
        lastForSomeSeq: 0n,
        openedAtMs: 0,
        openedSeq: 0n,
        clearedSeq,
        visibleFromSeq: 0n,
        sight,
      });
    }
    return views;
  }

  async #groupView(
    user: UserId,
    { conversation, membership, stored, sight }: Standing & { readonly sight: Sight },
    known: ConversationHead | undefined,
  ): Promise<ConversationView> {
    const head = known ?? EMPTY_HEAD;
    const mark = markWithImports(membership, stored, head);
    const clearedSeq = higher(sight.clearedSeq, head.clearedSeq);
    const shown = (seq: bigint): bigint => (seq >= membership.visibleFromSeq && seq > clearedSeq ? seq : 0n);
    return {
      conversation,
      peer: conversation.groupId,
      head,
      mark,
      unread: await this.unread(conversation, user, head, raised(mark, clearedSeq)),
      lastSeq: shown(head.lastSeqFirst),
      lastForSomeSeq: shown(head.lastSeqSecond),
      openedAtMs: membership.changedAtMs,
      openedSeq: membership.openingMark.asOfSeq,
      clearedSeq,
      visibleFromSeq: membership.visibleFromSeq,
      sight,
    };
  }
}

const higher = (a: bigint, b: bigint): bigint => {
  if (a > b) return a;
  return b;
};
