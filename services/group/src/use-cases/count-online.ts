// How many members are connected: counted in small groups, estimated in large ones. Of a live group gateways
// know: who is there on two of them counts twice.
import type { Delivery, RoomRegistry, SessionRegistry } from '@parley/delivery';
import type { UserId } from '@parley/kernel';
import type { GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { LIVE_COUNT_TTL_MS, ONLINE_COUNT_TTL_MS, ONLINE_SAMPLE_MAX, ROBOT_MARK } from '../domain/limits.js';
import { isLive } from '../domain/policy.js';
import type { GroupKey } from '../stores/group-store.js';
import { type MarkStore, usersMarked } from '../stores/mark-store.js';
import type { MemberPage, MemberStore } from '../stores/member-store.js';
import { type Caller, requireOperation } from './caller.js';

const COUNTS_MAX = 10_000;
/** Rows read for a sample; every few of them are taken, so that ids with one beginning do not stand for all. */
const ROWS_READ_MAX = 5_000;

export interface CountOnlineDeps {
  readonly register: GroupRegister;
  readonly members: MemberStore;
  readonly sessions: SessionRegistry;
  readonly rooms: RoomRegistry;
  readonly delivery: Delivery;
  readonly marks: MarkStore;
}

export class CountOnline {
  readonly #counts = new Map<string, { readonly count: number; readonly untilMs: number }>();

  constructor(private readonly deps: CountOnlineDeps) {}

  /** @throws ChatError 10007 or 10010. */
  async run(key: GroupKey, caller: Caller) {
    const view = await this.deps.register.get(key);
    await requireOperation(view, caller, 'countOnline');
    const name = `${key.appId} ${key.groupId}`;
    const known = this.#counts.get(name);
    if (known !== undefined && known.untilMs > view.nowMs) return { count: known.count };
    const isOfLive = isLive(view.policy);
    const count = isOfLive ? await this.#countVisitors(key) : await this.#count(view);
    if (this.#counts.size >= COUNTS_MAX) this.#counts.clear();
    const ttlMs = isOfLive ? LIVE_COUNT_TTL_MS : ONLINE_COUNT_TTL_MS;
    this.#counts.set(name, { count, untilMs: view.nowMs + ttlMs });
    return { count };
  }

  /** With robots that are not connected. */
  async #countVisitors(key: GroupKey): Promise<number> {
    const { rooms, marks, delivery } = this.deps;
    const robots = usersMarked(await marks.of(key), ROBOT_MARK);
    const people = await rooms.countPeople(key);
    return robots.length === 0
      ? people
      : people + robots.length - (await delivery.usersInRoom(key, robots)).length;
  }

  async #count(view: GroupView): Promise<number> {
    const users = await this.#sample(view);
    if (users.length === 0) return 0;
    const sessions = await this.deps.sessions.sessionsOfMany(view.key.appId, users);
    const online = sessions.filter((some) => some.length > 0).length;
    return Math.round((online / users.length) * Math.max(view.group.memberNum, users.length));
  }

  async #sample(view: GroupView): Promise<UserId[]> {
    const users: UserId[] = [];
    let cursor: string | undefined;
    do {
      const page: MemberPage = await this.deps.members.page(view.key, view.state.firstSeq, {
        limit: ROWS_READ_MAX,
        ...(cursor === undefined ? {} : { cursor }),
      });
      users.push(...page.members.map((member) => member.userId as UserId));
      cursor = page.cursor;
    } while (cursor !== undefined && users.length < ROWS_READ_MAX);
    const step = Math.ceil(users.length / ONLINE_SAMPLE_MAX);
    return step <= 1 ? users : users.filter((_, at) => at % step === 0);
  }
}
