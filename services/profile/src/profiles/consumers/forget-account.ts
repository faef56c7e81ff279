// An account is gone: its profile and its mutes go too, except what a later life of the same UserID has set.
import type { Clock } from '@parley/kernel';
import type { DeletedAccount } from '../../deleted-accounts.js';
import type { ProfileRegister } from '../changing/profile-register.js';
import { decideRemoval } from '../domain/writing.js';
import type { SendFactNotices } from '../send-fact-notices.js';
import type { SpeakMuteStore } from '../stores/speak-mute-store.js';

export interface ForgetAccountDeps {
  readonly register: ProfileRegister;
  readonly mutes: SpeakMuteStore;
  readonly notices: SendFactNotices;
  readonly clock: Clock;
}

export class ForgetAccount {
  constructor(private readonly deps: ForgetAccountDeps) {}

  readonly forget = async ({ appId, userId, timeMs, operator }: DeletedAccount): Promise<void> => {
    const { register, mutes, notices, clock } = this.deps;
    const occasion = { appId, userId, operator, nowMs: clock.now() };
    await register.change(appId, userId, (stored) => decideRemoval(stored, timeMs, occasion));
    await mutes.removeSetBefore(appId, userId, timeMs);
    await notices.changed(appId, userId);
  };
}
