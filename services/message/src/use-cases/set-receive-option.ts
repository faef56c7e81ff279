// SetReceiveOption: whether a user is told of what others write. It changes neither what is stored nor what counts.
import { type AppId, ChatError, type Clock, type ConnectionId, toUserId, type UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { Codes } from '../domain/codes.js';
import { OPTION_PEERS_MAX } from '../domain/limits.js';
import type { OptionNotices } from '../sending/option-notices.js';
import type { ReceiveOptionStore } from '../stores/receive-option-store.js';

export interface SetReceiveOptionCommand {
  readonly appId: AppId;
  readonly user: UserId;
  readonly peers: readonly string[];
  readonly option: groupv1.ReceiveOption;
  readonly codes: Codes;
  /** Is not told what it did itself. */
  readonly originConnectionId: ConnectionId | undefined;
}

export class SetReceiveOption {
  constructor(
    private readonly options: ReceiveOptionStore,
    private readonly notices: OptionNotices,
    private readonly clock: Clock,
  ) {}

  /** The last one stands, and the user's other devices are told. @throws ChatError for no peers, too many of them, or an unknown option. */
  async run(command: SetReceiveOptionCommand): Promise<void> {
    const { appId, user, peers, option, codes } = command;
    const users = [...new Set(peers)].map((peer) => toUserId(peer, codes.peerUnknown));
    if (users.length === 0 || users.length > OPTION_PEERS_MAX) {
      throw new ChatError(codes.badRequest, `an option is set for 1 to ${OPTION_PEERS_MAX} users at once`);
    }
    if (option === groupv1.ReceiveOption.UNSPECIFIED || groupv1.ReceiveOption[option] === undefined) {
      throw new ChatError(codes.badRequest, 'the option is unknown');
    }
    await this.options.set(appId, user, users, { option, setMs: this.clock.now() });
    await this.notices.tell(command, users);
  }
}
