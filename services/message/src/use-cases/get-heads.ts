// GetHeads: where groups' conversations stand.
import { READ_YOUR_WRITE_WAIT_MS } from '@parley/kernel';
import type { GroupConversation } from '../domain/conversation.js';
import { type ConversationHead, EMPTY_HEAD } from '../domain/conversation-head.js';
import type { HistoryProgress } from '../reading/history-progress.js';
import type { HeadStore } from '../stores/head-store.js';

export class GetHeads {
  constructor(
    private readonly heads: HeadStore,
    private readonly progress: HistoryProgress,
  ) {}

  /** In the order asked, after everything acked before this call. */
  async run(conversations: readonly GroupConversation[]): Promise<ConversationHead[]> {
    await this.progress.catchUpAll(READ_YOUR_WRITE_WAIT_MS);
    return (await this.heads.getMany(conversations)).map((head) => head ?? EMPTY_HEAD);
  }
}
