// Every conversation that this session knows.

import { c2cConversationID } from '../messages/blank-message.js';
import type { Conversation } from '../model/conversation.js';
import { ConversationState } from './conversation-state.js';

export class ConversationBook {
  private readonly states = new Map<string, ConversationState>();
  /** The list of the server was read to its end: what is not here began later. */
  isComplete = true;

  get(conversationID: string): ConversationState | undefined {
    return this.states.get(conversationID);
  }

  ofPeer(peer: string): ConversationState | undefined {
    return this.states.get(c2cConversationID(peer));
  }

  open(peer: string, watermark: number): ConversationState {
    const state = new ConversationState(peer, watermark);
    this.states.set(state.conversationID, state);
    return state;
  }

  /** The newest first. */
  list(): Conversation[] {
    return [...this.states.values()]
      .map((state) => state.view)
      .sort((a, b) => b.lastMessage.lastTime - a.lastMessage.lastTime);
  }

  get totalUnread(): number {
    let total = 0;
    for (const { unread } of this.states.values()) total += unread.value;
    return total;
  }
}
