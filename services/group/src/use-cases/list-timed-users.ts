// Who is muted, and who is banned.
import type { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';
import { mutesKey } from '../changing/group-view.js';
import { BANNED_PER_PAGE_MAX } from '../domain/limits.js';
import type { GroupKey } from '../stores/group-store.js';
import type { TimedUserStore } from '../stores/timed-user-store.js';
import { type Place, requireTopic } from './topic-access.js';

const ROWS_PER_SCAN = 1_000;
/** Muted accounts of one answer; ours: the list has no pages. */
const MUTED_MAX = 10_000;

export class ListMuted {
  constructor(
    private readonly register: GroupRegister,
    private readonly mutes: TimedUserStore,
  ) {}

  /** @throws ChatError 10010 */
  async run({ key, topicId }: Place) {
    const view = await this.register.get(key);
    if (topicId !== undefined) await requireTopic(view, topicId);
    const users: groupv1.TimedUser[] = [];
    let cursor: string | undefined;
    do {
      const options = { limit: ROWS_PER_SCAN, ...(cursor === undefined ? {} : { cursor }) };
      const page: Awaited<ReturnType<TimedUserStore['page']>> = await this.mutes.page(
        mutesKey(key, topicId),
        view.nowS,
        options,
      );
      users.push(...page.users);
      cursor = page.cursor;
    } while (cursor !== undefined && users.length < MUTED_MAX);
    return { users };
  }
}

export class ListBanned {
  constructor(
    private readonly register: GroupRegister,
    private readonly bans: TimedUserStore,
  ) {}

  /** @throws ChatError 10010 */
  async run(key: GroupKey, request: groupv1.ListBannedRequest) {
    const view = await this.register.get(key);
    const limit = Math.min(request.limit || BANNED_PER_PAGE_MAX, BANNED_PER_PAGE_MAX);
    const options = { limit, ...(request.cursor === '' ? {} : { cursor: request.cursor }) };
    const { users, cursor } = await this.bans.page(key, view.nowS, options);
    return { users, nextCursor: cursor ?? '' };
  }
}
