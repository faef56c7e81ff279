// Who is in a live group: the newest, as its gateways know them, and robots.
import { create } from '@bufbuild/protobuf';
import type { Delivery } from '@parley/delivery';
import type { UserId } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { HIDDEN_MARK, ROBOT_MARK, VISITORS_PER_PAGE_MAX } from '../domain/limits.js';
import { notPermitted } from '../domain/refusals.js';
import type { GroupKey } from '../stores/group-store.js';
import { isHidden, type MarkStore, type Marks, usersMarked } from '../stores/mark-store.js';
import type { Caller } from './caller.js';
import { requireLive } from './change-live-admins.js';

export interface ListVisitorsDeps {
  readonly register: GroupRegister;
  readonly delivery: Delivery;
  readonly marks: MarkStore;
}

/** Since when they are there, ms. */
type Visitors = Map<UserId, number>;

export class ListVisitors {
  constructor(private readonly deps: ListVisitorsDeps) {}

  /** @throws ChatError 10007 or 10010; UNAVAILABLE when a gateway does not answer. */
  async run(key: GroupKey, request: groupv1.ListVisitorsRequest, caller: Caller) {
    const { register, delivery, marks: store } = this.deps;
    const view = await register.get(key);
    requireLive(view);
    const { mark } = request;
    if (!caller.isBackEnd) {
      const [isThere] = await delivery.usersInRoom(key, [caller.userId]);
      if (isThere === undefined || mark === HIDDEN_MARK)
        throw notPermitted('the user is not in the live group');
    }
    const marks = await store.of(key);
    const visitors = mark === 0 ? await this.#newest(key, marks) : await this.#marked(key, marks, mark);
    const { page, nextBeforeMs } = pageOf(visitors, request);
    return { visitors: page.map((visitor) => toVisitor(visitor, marks, view)), nextBeforeMs };
  }

  async #newest(key: GroupKey, marks: Marks): Promise<Visitors> {
    const visitors: Visitors = new Map();
    for (const robot of usersMarked(marks, ROBOT_MARK)) visitors.set(robot, setMs(marks, robot, ROBOT_MARK));
    for (const { userId, sinceMs } of await this.deps.delivery.visitorsOf(key)) visitors.set(userId, sinceMs);
    for (const user of visitors.keys()) if (isHidden(marks, user)) visitors.delete(user);
    return visitors;
  }

  /** All of them who are there, also those who came long ago. */
  async #marked(key: GroupKey, marks: Marks, mark: number): Promise<Visitors> {
    const named = usersMarked(marks, mark).filter((user) => mark === HIDDEN_MARK || !isHidden(marks, user));
    if (named.length === 0) return new Map();
    const there = new Set(await this.deps.delivery.usersInRoom(key, named));
    for (const robot of usersMarked(marks, ROBOT_MARK)) there.add(robot);
    const newest = new Map(
      (await this.deps.delivery.visitorsOf(key)).map(({ userId, sinceMs }) => [userId, sinceMs]),
    );
    return new Map(
      named
        .filter((user) => there.has(user))
        .map((user) => [user, newest.get(user) ?? setMs(marks, user, mark)]),
    );
  }
}

/** Those who came in one millisecond are not torn apart, unless they are more than a page. */
function pageOf(visitors: Visitors, { beforeMs, limit: asked }: groupv1.ListVisitorsRequest) {
  const limit = Math.min(asked || VISITORS_PER_PAGE_MAX, VISITORS_PER_PAGE_MAX);
  const bound = beforeMs === 0n ? Number.POSITIVE_INFINITY : Number(beforeMs);
  const sorted = [...visitors]
    .filter(([, sinceMs]) => sinceMs < bound)
    .sort(([one, oneMs], [other, otherMs]) => otherMs - oneMs || (one < other ? -1 : 1));
  const beyond = sorted[limit];
  if (beyond === undefined) return { page: sorted, nextBeforeMs: 0n };
  const whole = sorted.slice(0, limit).filter(([, sinceMs]) => sinceMs > beyond[1]);
  const page = whole.length > 0 ? whole : sorted.slice(0, limit);
  return { page, nextBeforeMs: BigInt(page.at(-1)?.[1] ?? 0) };
}

const setMs = (marks: Marks, user: UserId, mark: number): number => marks.get(user)?.get(mark) ?? 0;

function toVisitor([userId, sinceMs]: [UserId, number], marks: Marks, view: GroupView): groupv1.Visitor {
  return create(groupv1.VisitorSchema, {
    userId,
    sinceMs: BigInt(sinceMs),
    role: view.roleOf(userId),
    marks: [...(marks.get(userId)?.keys() ?? [])],
  });
}
