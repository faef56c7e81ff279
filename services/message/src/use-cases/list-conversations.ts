// ListConversations: a user's conversations, the one with the newest message first.
import { type AppId, ChatError, type Clock, type UserId } from '@parley/kernel';
import type { Codes } from '../domain/codes.js';
import { userViewOf } from '../domain/conversation.js';
import { PAGE_BYTES_MAX } from '../domain/limits.js';
import { NOTHING_READ } from '../domain/unread.js';
import type { ConversationReader, ConversationView } from '../reading/conversation-reader.js';
import type { LastMessages } from '../reading/last-messages.js';
import type { Mentions } from '../reading/mentions.js';
import { NEVER_SET, type ReceiveOptionStore, type SetOption } from '../stores/receive-option-store.js';
import type { UserConversationStore } from '../stores/user-conversation-store.js';
import { changedAtMs, isListed, type ShownConversation } from './get-conversation.js';

export interface ListConversationsQuery {
  readonly appId: AppId;
  readonly user: UserId;
  /** Empty: the first page. */
  readonly cursor: string;
  readonly limit: number;
  /** 0: all. */
  readonly changedAfterMs: number;
  readonly codes: Codes;
}

export interface ConversationPage {
  readonly conversations: readonly ShownConversation[];
  /** Empty on the last page. */
  readonly nextCursor: string;
  /** Everything acked before it is in the answer. */
  readonly serverTimeMs: number;
  /** Number of the last change of the user's own view. */
  readonly userChangeSeq: bigint;
}

/** A place in the order: newest message first, then by conversation id. */
interface Place {
  readonly timeMs: number;
  readonly id: string;
}

type MarkedView = ConversationView & Pick<ShownConversation, 'peerMark' | 'receive'>;

export interface ListConversationsParts {
  readonly reader: ConversationReader;
  readonly last: LastMessages;
  readonly mentions: Mentions;
  readonly users: UserConversationStore;
  readonly options: ReceiveOptionStore;
  readonly clock: Clock;
}

export class ListConversations {
  constructor(private readonly parts: ListConversationsParts) {}

  /**
   * A conversation that gets a message while pages are read moves before the pages that are left;
   * asking again with changedAfterMs = the first page's server time finds it.
   * @throws ChatError when the cursor is none of ours.
   */
  async run(query: ListConversationsQuery): Promise<ConversationPage> {
    const { reader, clock } = this.parts;
    const serverTimeMs = clock.now();
    const start = query.cursor === '' ? undefined : parseCursor(query.cursor, query.codes);
    // Before the views, so that none of them lacks a change of the user's view that is counted here.
    const userChangeSeq = await reader.userHead(userViewOf(query.appId, query.user));
    const views = (await reader.all(query.appId, query.user)).filter(isListed);
    const rest = (await this.#withMarks(query, views))
      .filter((view) => changedAtMs(view) >= query.changedAfterMs)
      .filter((view) => start === undefined || comparePlaces(placeOf(view), start) > 0)
      .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
    const conversations = await this.#show(query.user, rest.slice(0, query.limit));
    const last = conversations.at(-1);
    const isLast = last === undefined || conversations.length === rest.length;
    return {
      conversations,
      nextCursor: isLast ? '' : formatCursor(placeOf(last)),
      serverTimeMs,
      userChangeSeq,
    };
  }

  /** Groups show nobody's mark, and their options stand with the memberships. */
  async #withMarks(
    { appId, user }: ListConversationsQuery,
    views: readonly ConversationView[],
  ): Promise<MarkedView[]> {
    const asked = views.flatMap(({ conversation, peer }) =>
      conversation.kind === 'pair' ? [{ conversation, user: peer as UserId }] : [],
    );
    const [marks, options] = await Promise.all([
      this.parts.users.marks(asked),
      asked.length === 0 ? NO_OPTIONS : this.parts.options.all(appId, user),
    ]);
    const ofPairs = marks.values();
    return views.map((view) => {
      const isPair = view.conversation.kind === 'pair';
      const peerMark = (isPair ? ofPairs.next().value : undefined) ?? NOTHING_READ;
      return { ...view, peerMark, receive: (isPair ? options.get(view.peer) : undefined) ?? NEVER_SET };
    });
  }

  /** With last messages, as many as fit into a page. */
  async #show(user: UserId, views: readonly MarkedView[]): Promise<ShownConversation[]> {
    const shown: ShownConversation[] = [];
    const { last, mentions } = this.parts;
    const [rows, found] = await Promise.all([last.read(user, views), mentions.of(user, views)]);
    let bytes = 0;
    for (const [index, view] of views.entries()) {
      const lastMessage = rows[index];
      bytes += lastMessage?.bytes.length ?? 0;
      if (shown.length > 0 && bytes > PAGE_BYTES_MAX) break;
      shown.push({ ...view, lastMessage, mentions: found[index] ?? [] });
    }
    return shown;
  }
}

const NO_OPTIONS: ReadonlyMap<string, SetOption> = new Map();

const placeOf = (view: ConversationView): Place => ({
  timeMs: view.head.lastTimeMs,
  id: view.conversation.id,
});

/** Below 0: `a` comes first. */
function comparePlaces(a: Place, b: Place): number {
  if (a.timeMs !== b.timeMs) return b.timeMs - a.timeMs;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

const formatCursor = (place: Place): string =>
  Buffer.from(`${place.timeMs} ${place.id}`).toString('base64url');

function parseCursor(cursor: string, codes: Codes): Place {
  const parts = /^(\d{1,16}) ((?:c2c|group):.{1,300})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (parts === null) throw new ChatError(codes.badRequest, 'the cursor is none of this service');
  return { timeMs: Number(parts[1]), id: parts[2] as string };
}
