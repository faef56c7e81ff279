// Fields of a profile are set: by their user, or by the app's back end.
import { create } from '@bufbuild/protobuf';
import { type AppId, ChatError, type Clock, ErrorCode } from '@parley/kernel';
import { profilev1 } from '@parley/proto';
import { type Accounts, actorOf, type CallContext } from '@parley/rpc';
import { sideOf } from '../caller-side.js';
import type { ProfileRegister } from '../changing/profile-register.js';
import type { CustomTags } from '../custom-tags.js';
import { shownTags } from '../domain/reading.js';
import { concernsSender } from '../domain/sender-tags.js';
import { checkItems, decideUpdate } from '../domain/writing.js';
import type { SendFactNotices } from '../send-fact-notices.js';

export interface UpdateProfileDeps {
  readonly register: ProfileRegister;
  readonly accounts: Accounts;
  readonly notices: SendFactNotices;
  readonly clock: Clock;
  readonly customTagsOf: (appId: AppId) => CustomTags;
}

export class UpdateProfile {
  constructor(private readonly deps: UpdateProfileDeps) {}

  /** @throws ChatError 40003 for an unknown account, and what checkItems throws. */
  async run(
    { userId: named, items }: profilev1.UpdateProfileRequest,
    context: CallContext,
  ): Promise<profilev1.Profile> {
    const { register, accounts, notices, clock, customTagsOf } = this.deps;
    const { appId } = context;
    const userId = actorOf(context, named, ErrorCode.PROFILE_BAD_PARAMETER);
    const side = sideOf(context.role);
    const custom = customTagsOf(appId);
    checkItems(items, side, custom);
    if (!(await accounts.existing(appId, [userId])).has(userId)) {
      throw new ChatError(ErrorCode.PROFILE_ACCOUNT_NOT_FOUND, 'the account does not exist');
    }
    const occasion = { appId, userId, operator: context.userId, nowMs: clock.now() };
    const stands = await register.change(appId, userId, (stored) => decideUpdate(stored, items, occasion));
    if (concernsSender(items)) await notices.changed(appId, userId);
    const isShown = shownTags([], side, custom);
    return create(profilev1.ProfileSchema, {
      userId,
      changeSeq: stands.changeSeq,
      items: stands.items.flatMap(({ item }) => (item && isShown(item.tag) ? [item] : [])),
    });
  }
}
