// The admins of a live group.
import type { GroupRegister } from '../changing/group-register.js';
import type { LiveLeaders } from '../changing/live-leaders.js';
import type { GroupKey } from '../stores/group-store.js';
import { requireLive } from './change-live-admins.js';

export class ListLiveAdmins {
  constructor(
    private readonly register: GroupRegister,
    private readonly leaders: LiveLeaders,
  ) {}

  /** In the order of their appointment. @throws ChatError 10007 or 10010. */
  async run(key: GroupKey) {
    const view = await this.register.get(key);
    requireLive(view);
    return { userIds: (await this.leaders.checked(view)).state.admins };
  }
}
