// A profile service of a few lines: it knows what messages depend on.
import { ChatError, ErrorCode } from '@parley/kernel';
import type { profilev1 } from '@parley/proto';
import type { ServiceHandlers } from '@parley/rpc';
import type { SendFacts } from '../../src/domain/send-rules.js';

type Handlers = ServiceHandlers<typeof profilev1.ProfileService>;

const STRANGERS: SendFacts = {
  c2cMutedUntilS: 0,
  groupMutedUntilS: 0,
  blocked: false,
  requiresFriends: false,
  senderHasReceiver: false,
  receiverHasSender: false,
  nick: '',
  faceUrl: '',
};

export class FakeSendFacts {
  readonly #bySender = new Map<string, SendFacts>();

  /** For this sender and every receiver. */
  set(from: string, facts: Partial<SendFacts>): void {
    this.#bySender.set(from, { ...STRANGERS, ...facts });
  }

  handlers(): Handlers {
    const refuse = () => Promise.reject(new ChatError(ErrorCode.UNKNOWN_COMMAND, 'not in this test'));
    return {
      getProfiles: refuse,
      updateProfile: refuse,
      setSpeakMutes: refuse,
      getSpeakMutes: refuse,
      getSendFacts: async ({ from }) => this.#bySender.get(from) ?? STRANGERS,
    };
  }
}
