// CountUnread: how many messages of others a user has not read, in all or by peer.
import { type AppId, ChatError, type ErrorCode, isUserId, SYSTEM_USER_ID, type UserId } from '@parley/kernel';
import type { Codes } from '../domain/codes.js';
import { type Conversation, conversationOf } from '../domain/conversation.js';
import { UNREAD_PEERS_MAX } from '../domain/limits.js';
import type { ConversationReader } from '../reading/conversation-reader.js';
import type { AccountDirectory } from '../sending/account-directory.js';

export interface PeerUnread {
  readonly peer: string;
  readonly unread: bigint;
  /** Undefined: success. */
  readonly code: ErrorCode | undefined;
}

export interface UnreadCounts {
  /** 0n when peers were asked for. */
  readonly total: bigint;
  readonly peers: readonly PeerUnread[];
}

export class CountUnread {
  constructor(
    private readonly reader: ConversationReader,
    private readonly accounts: AccountDirectory,
  ) {}

  /** Of both kinds of conversations, or of one; notices of the platform are between nobody and count in the sum of both. */
  async total(appId: AppId, user: UserId, kind?: Conversation['kind']): Promise<UnreadCounts> {
    let total = 0n;
    for (const view of await this.reader.all(appId, user)) {
      const isOfKind = view.conversation.kind === kind && view.peer !== SYSTEM_USER_ID;
      if (kind === undefined || isOfKind) total += view.unread;
    }
    return { total, peers: [] };
  }

  /** In the order asked; an account that does not exist has a code of its own. @throws ChatError when too many are asked. */
  async byPeer(appId: AppId, user: UserId, peers: readonly string[], codes: Codes): Promise<UnreadCounts> {
    if (peers.length > UNREAD_PEERS_MAX) {
      throw new ChatError(codes.badRequest, `at most ${UNREAD_PEERS_MAX} peers can be asked at once`);
    }
    const exist = await Promise.all(
      peers.map((peer) => (isUserId(peer) ? this.accounts.exists(appId, peer) : false)),
    );
    const known = peers.filter((_, index) => exist[index] === true) as UserId[];
    const asked = known.map((peer) => ({ conversation: conversationOf(appId, user, peer), peer }));
    const views = await this.reader.withPeers(user, asked);
    return {
      total: 0n,
      peers: peers.map((peer, index) =>
        exist[index] === true
          ? { peer, unread: views.get(peer as UserId)?.unread ?? 0n, code: undefined }
          : { peer, unread: 0n, code: codes.peerUnknown },
      ),
    };
  }
}
