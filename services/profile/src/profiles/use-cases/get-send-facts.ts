// What a message from one account depends on.
import { type AppId, ErrorCode, toUserId } from '@parley/kernel';
import type { profilev1 } from '@parley/proto';
import type { RelationFacts, RelationReader } from '../../ports.js';
import type { SpeakMuteStore } from '../stores/speak-mute-store.js';

export interface GetSendFactsDeps {
  readonly mutes: SpeakMuteStore;
  readonly relations: RelationReader;
  readonly requiresFriends: (appId: AppId) => boolean;
}

const NOBODY: RelationFacts = { isBlocked: false, senderHasReceiver: false, receiverHasSender: false };

export class GetSendFacts {
  constructor(private readonly deps: GetSendFactsDeps) {}

  async run(appId: AppId, request: profilev1.GetSendFactsRequest) {
    const { mutes, relations, requiresFriends } = this.deps;
    const from = toUserId(request.from, ErrorCode.PROFILE_BAD_PARAMETER);
    const [muted, facts] = await Promise.all([
      mutes.get(appId, from),
      request.to === ''
        ? NOBODY
        : relations.factsOf(appId, from, toUserId(request.to, ErrorCode.PROFILE_BAD_PARAMETER)),
    ]);
    return {
      c2cMutedUntilS: muted.c2c,
      groupMutedUntilS: muted.group,
      blocked: facts.isBlocked,
      requiresFriends: requiresFriends(appId),
      senderHasReceiver: facts.senderHasReceiver,
      receiverHasSender: facts.receiverHasSender,
    };
  }
}
