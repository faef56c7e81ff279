// An account is gone: nobody follows it and it follows nobody, except what a later life of the UserID began.
import type { AppId, UserId } from '@parley/kernel';
import { followv1 } from '@parley/proto';
import type { DeletedAccount } from '../../deleted-accounts.js';
import type { FollowStore } from '../stores/follow-store.js';
import type { ChangeFollows } from '../use-cases/change-follows.js';

const PAGE = 100;
type EndOne = (peer: UserId) => Promise<unknown>;

export class ForgetFollows {
  constructor(
    private readonly store: FollowStore,
    private readonly changes: ChangeFollows,
    /** Finishes what the user's last change left open. */
    private readonly settle: (appId: AppId, userId: UserId) => Promise<unknown>,
  ) {}

  readonly forget = async ({ appId, userId, timeMs }: DeletedAccount): Promise<void> => {
    const { changes } = this;
    await this.settle(appId, userId);
    await this.#each(appId, userId, {
      list: followv1.FollowList.FOLLOWING,
      end: (peer) => changes.unfollowOne(appId, userId, peer, timeMs),
    });
    await this.#each(appId, userId, {
      list: followv1.FollowList.FOLLOWERS,
      end: (peer) => changes.unfollowOne(appId, peer, userId, timeMs),
    });
  };

  async #each(
    appId: AppId,
    userId: UserId,
    { list, end }: { list: followv1.FollowList; end: EndOne },
  ): Promise<void> {
    let cursor: UserId | undefined;
    do {
      const page = await this.store.list(appId, userId, {
        list,
        limit: PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const { peer } of page.users) await end(peer);
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}
