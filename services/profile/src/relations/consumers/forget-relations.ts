// An account is gone: its relations go, on both sides, except what a later life of the same UserID has begun.
import { clone } from '@bufbuild/protobuf';
import { type AppId, mapBounded, type UserId } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import type { DeletedAccount } from '../../deleted-accounts.js';
import type { HeadRegister } from '../changing/head-register.js';
import type { PairRegister } from '../changing/pair-register.js';
import { decideForget } from '../domain/deciding.js';
import { PAIRS_AT_ONCE } from '../domain/limits.js';
import { pairOf } from '../domain/pair.js';
import type { ListPage, ListStore } from '../stores/list-store.js';

const { RelationKind } = relationv1;
const ROWS_PER_STEP = 100;
const KINDS = [
  RelationKind.FRIEND,
  RelationKind.KNOWN_BY,
  RelationKind.BLOCKED,
  RelationKind.BLOCKED_BY,
  RelationKind.SENT,
  RelationKind.RECEIVED,
];

export interface ForgetRelationsDeps {
  readonly register: PairRegister;
  readonly heads: HeadRegister;
  readonly lists: ListStore;
}

export class ForgetRelations {
  constructor(private readonly deps: ForgetRelationsDeps) {}

  readonly forget = async ({ appId, userId, timeMs }: DeletedAccount): Promise<void> => {
    for (const kind of KINDS) await this.#forget(appId, userId, kind, timeMs);
    await this.deps.heads.change(appId, userId, 'groups', (head) => {
      if (!head.groups.some(({ storedMs }) => storedMs <= timeMs)) return head;
      const next = clone(relationv1.RelationHeadSchema, head);
      next.groups = head.groups.filter(({ storedMs }) => storedMs > timeMs);
      return next;
    });
  };

  async #forget(appId: AppId, userId: UserId, kind: relationv1.RelationKind, endedMs: bigint): Promise<void> {
    const { register, lists } = this.deps;
    let cursor: string | undefined;
    do {
      const page: ListPage = await lists.page(appId, userId, kind, {
        limit: ROWS_PER_STEP,
        ...(cursor === undefined ? {} : { cursor }),
      });
      await mapBounded(page.rows, PAIRS_AT_ONCE, ({ peer }) =>
        register.change(pairOf(appId, userId, peer), userId, { operator: '' }, (sides) =>
          decideForget(sides, endedMs),
        ),
      );
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}
