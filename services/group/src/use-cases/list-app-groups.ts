// The groups of an app, in the order of their making.
import type { AppId, Clock } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import type { GroupTypes } from '../domain/group-types.js';
import { APP_GROUPS_PER_PAGE_MAX } from '../domain/limits.js';
import type { AppGroupStore } from '../stores/app-group-store.js';
import type { Caller } from './caller.js';

/** Counting reads the whole list, so a count stands for a while. */
const COUNT_TTL_MS = 10_000;
const COUNTS_MAX = 1_000;

export class ListAppGroups {
  readonly #counts = new Map<string, { readonly count: number; readonly untilMs: number }>();

  constructor(
    private readonly appGroups: AppGroupStore,
    private readonly types: GroupTypes,
    private readonly clock: Clock,
  ) {}

  /** @throws ChatError 10004 on an unknown type. */
  async run(request: groupv1.ListAppGroupsRequest, { appId }: Caller) {
    const type = request.type === '' ? undefined : this.types.named(request.type).name;
    const limit = Math.min(request.limit || APP_GROUPS_PER_PAGE_MAX, APP_GROUPS_PER_PAGE_MAX);
    const page = await this.appGroups.page(appId, { next: request.next, limit, type });
    const isWhole = request.next === 0n && page.next === 0n;
    const totalCount = isWhole ? page.groupIds.length : await this.#count(appId, type);
    return { totalCount: BigInt(totalCount), groupIds: [...page.groupIds], next: page.next };
  }

  async #count(appId: AppId, type: string | undefined): Promise<number> {
    const key = `${appId} ${type ?? ''}`;
    const known = this.#counts.get(key);
    if (known !== undefined && known.untilMs > this.clock.now()) return known.count;
    const count = await this.appGroups.count(appId, type === undefined ? undefined : new Set([type]));
    if (this.#counts.size >= COUNTS_MAX) this.#counts.clear();
    this.#counts.set(key, { count, untilMs: this.clock.now() + COUNT_TTL_MS });
    return count;
  }
}
