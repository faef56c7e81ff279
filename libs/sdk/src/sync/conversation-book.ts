// Every conversation that this session knows.
import { CLOSED_CONVERSATIONS_MAX } from '../constants/limits.js';
import type { ConversationAddress } from '../messages/conversation-kind.js';
import type { Conversation } from '../model/conversation.js';
import { ConversationState } from './conversation-state.js';

export class ConversationBook {
  private readonly states = new Map<string, ConversationState>();
  /** How far closed conversations were shown: who comes back is not told again. */
  private readonly closedAt = new Map<string, number>();
  /** The list of the server was read to its end: what is not here began later. */
  isComplete = true;
  /** Counts up with every message that closes a gap, in whatever conversation. */
  fills = 0;
  /** Called with every conversation that comes in, before anything is shown in it. */
  onOpen: (state: ConversationState) => void = () => undefined;

  constructor(private readonly self: string) {}

  get(conversationID: string): ConversationState | undefined {
    return this.states.get(conversationID);
  }

  open(address: ConversationAddress, watermark: number): ConversationState {
    const shownTo = this.closedAt.get(address.id) ?? 0;
    const state = new ConversationState(address, Math.max(watermark, shownTo), this.self);
    this.states.set(address.id, state);
    this.onOpen(state);
    return state;
  }

  /** A message closed a gap: counts that the server made before may lack it. */
  noteFill(state: ConversationState): void {
    this.fills += 1;
    state.lastFill = this.fills;
  }

  /** The user is not in it any longer. */
  close(conversationID: string): void {
    const state = this.states.get(conversationID);
    if (state === undefined) return;
    state.isClosed = true;
    this.states.delete(conversationID);
    this.closedAt.set(conversationID, state.track.watermark);
    if (this.closedAt.size <= CLOSED_CONVERSATIONS_MAX) return;
    const [oldest] = this.closedAt.keys();
    if (oldest !== undefined) this.closedAt.delete(oldest);
  }

  all(): Iterable<ConversationState> {
    return this.states.values();
  }

  /** The newest first. */
  list(): Conversation[] {
    return [...this.states.values()]
      .filter(({ address }) => address.kind.isListed)
      .map((state) => state.view)
      .sort((a, b) => b.lastMessage.lastTime - a.lastMessage.lastTime);
  }

  /** Without conversations that the user does not want to be told of. */
  get totalUnread(): number {
    let total = 0;
    for (const { unread, isNoticed, address } of this.states.values()) {
      if (isNoticed && address.kind.isListed) total += unread.value;
    }
    return total;
  }
}
