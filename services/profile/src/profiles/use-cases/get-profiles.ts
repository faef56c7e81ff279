// Profiles of up to a hundred users, each with its own result.
import { create } from '@bufbuild/protobuf';
import { type AppId, ChatError, ErrorCode, isUserId, type UserId } from '@parley/kernel';
import { profilev1 } from '@parley/proto';
import { type Accounts, type CallContext, CallerRole } from '@parley/rpc';
import type { ProfileReader } from '../../ports.js';
import { sideOf } from '../caller-side.js';
import type { ProfileRegister } from '../changing/profile-register.js';
import type { CustomTags } from '../custom-tags.js';
import { checkReadable, shownTags } from '../domain/reading.js';

/** Source: rest-accounts-messages.md 8.3. */
const PROFILES_MAX = 100;

export interface GetProfilesDeps {
  readonly register: ProfileRegister;
  readonly accounts: Accounts;
  readonly customTagsOf: (appId: AppId) => CustomTags;
}

export class GetProfiles implements ProfileReader {
  constructor(private readonly deps: GetProfilesDeps) {}

  /** @throws ChatError 40002 for nobody, 40001 for too many, 40007 or 40009 for a tag. */
  async run(
    { userIds: asked, tags }: profilev1.GetProfilesRequest,
    { appId, userId, role }: CallContext,
  ): Promise<profilev1.ProfileResult[]> {
    const userIds = asked.length === 0 && role === CallerRole.USER ? [userId] : asked;
    if (userIds.length === 0) throw new ChatError(ErrorCode.PROFILE_NO_ACCOUNT, 'name at least one account');
    if (userIds.length > PROFILES_MAX) {
      throw new ChatError(ErrorCode.PROFILE_BAD_PARAMETER, `at most ${PROFILES_MAX} accounts at once`);
    }
    const custom = this.deps.customTagsOf(appId);
    const side = sideOf(role);
    checkReadable(tags, side, custom);
    const shown = shownTags(tags, side, custom);
    const [existing, stored] = await Promise.all([
      this.deps.accounts.existing(appId, userIds),
      this.deps.register.getMany(appId, userIds.filter(isUserId)),
    ]);
    const profiles = new Map(userIds.filter(isUserId).map((id, at) => [id as string, stored[at]]));
    return userIds.map((id) => {
      if (!existing.has(id)) return notFound(id);
      const { items = [], changeSeq = 0n } = profiles.get(id) ?? {};
      const visible = items.flatMap(({ item }) => (item && shown(item.tag) ? [item] : []));
      return create(profilev1.ProfileResultSchema, { profile: { userId: id, items: visible, changeSeq } });
    });
  }

  async itemsFor(
    context: CallContext,
    userIds: readonly string[],
    tags: readonly string[],
  ): Promise<profilev1.ProfileItem[][]> {
    const request = create(profilev1.GetProfilesRequestSchema, { userIds: [...userIds], tags: [...tags] });
    return (await this.run(request, context)).map(({ profile }) => profile?.items ?? []);
  }

  async itemsOf(appId: AppId, userIds: readonly UserId[]): Promise<profilev1.ProfileItem[][]> {
    if (userIds.length === 0) return [];
    const stored = await this.deps.register.getMany(appId, userIds);
    return stored.map(({ items }) => items.flatMap(({ item }) => (item ? [item] : [])));
  }
}

const notFound = (userId: string): profilev1.ProfileResult =>
  create(profilev1.ProfileResultSchema, {
    profile: { userId },
    code: ErrorCode.PROFILE_ACCOUNT_NOT_FOUND,
    info: 'the account does not exist',
  });
