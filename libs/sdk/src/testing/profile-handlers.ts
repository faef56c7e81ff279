// What a test server does with profiles: keeps the fields, tells the user's devices and whoever watches.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { profilev1, type wirev1 } from '@parley/proto';
import { PROFILE_METHOD } from '../calls/profile-method.js';
import { Refusal } from './refusal.js';

export type ProfileMethodName = keyof typeof PROFILE_METHOD;

export const isProfileMethod = (name: string): name is ProfileMethodName => name in PROFILE_METHOD;

type Push = (users: readonly string[], event: wirev1.Push['event']) => void;

export class ProfileModel {
  readonly profiles = new Map<string, profilev1.Profile>();
  /** Friends of everybody: they hear of every change. */
  readonly watchers: string[] = [];

  constructor(private readonly push: Push) {}

  handle(name: ProfileMethodName, request: Uint8Array, user: string): Uint8Array {
    if (name === 'getProfiles') {
      const { userIds } = fromBinary(PROFILE_METHOD.getProfiles.input, request);
      const results = userIds.map((userId) => this.resultOf(userId));
      return toBinary(
        PROFILE_METHOD.getProfiles.output,
        create(PROFILE_METHOD.getProfiles.output, { results }),
      );
    }
    const { items } = fromBinary(PROFILE_METHOD.updateProfile.input, request);
    const profile = this.update(user, items);
    return toBinary(
      PROFILE_METHOD.updateProfile.output,
      create(PROFILE_METHOD.updateProfile.output, { profile }),
    );
  }

  /** As the user, or the app's back end. */
  update(userId: string, items: readonly profilev1.ProfileItem[]): profilev1.Profile {
    if (items.some(({ tag }) => tag === 'Tag_Profile_IM_AdminForbidType'))
      throw new Refusal(40008, 'not to be set');
    const before = this.profiles.get(userId);
    const byTag = new Map([...(before?.items ?? []), ...items].map((item) => [item.tag, item]));
    const profile = create(profilev1.ProfileSchema, {
      userId,
      items: [...byTag.values()],
      changeSeq: (before?.changeSeq ?? 0n) + 1n,
    });
    this.profiles.set(userId, profile);
    const value = create(profilev1.ProfileEventSchema, { profile });
    this.push([userId, ...this.watchers], { case: 'profile', value });
    return profile;
  }

  private resultOf(userId: string) {
    if (userId.startsWith('nobody')) return { profile: { userId }, code: 40003 };
    return { profile: this.profiles.get(userId) ?? { userId } };
  }
}
