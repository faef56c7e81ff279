// What a message from one account depends on.
import { type AppId, ErrorCode, toUserId } from '@parley/kernel';
import type { profilev1 } from '@parley/proto';
import type { ProfileReader, RelationFacts, RelationReader } from '../../ports.js';
import { senderOf } from '../domain/sender-tags.js';
import type { SpeakMuteStore } from '../stores/speak-mute-store.js';

export interface GetSendFactsDeps {
  readonly mutes: SpeakMuteStore;
  readonly profiles: ProfileReader;
  readonly relations: RelationReader;
  readonly requiresFriends: (appId: AppId) => boolean;
}

const NOBODY: RelationFacts = { isBlocked: false, senderHasReceiver: false, receiverHasSender: false };

export class GetSendFacts {
  constructor(private readonly deps: GetSendFactsDeps) {}

  async run(appId: AppId, request: profilev1.GetSendFactsRequest) {
    const { mutes, profiles, relations, requiresFriends } = this.deps;
    const from = toUserId(request.from, ErrorCode.PROFILE_BAD_PARAMETER);
    const [muted, [items = []], facts] = await Promise.all([
      mutes.get(appId, from),
      profiles.itemsOf(appId, [from]),
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
      ...senderOf(items),
    };
  }
}
