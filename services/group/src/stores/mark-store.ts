// Marks of visitors of live groups. What was read is believed for a moment, so that coming and going, which ask
// whether somebody has a mark, read nothing for groups that many come to.
import type { Clock, UserId } from '@parley/kernel';
import { put, remove, type ScanPage, type TableStore } from '@parley/table-store';
import {
  HIDDEN_MARK,
  MARKED_GROUPS_REMEMBERED_MAX,
  MARKS_BELIEVED_MS,
  MARKS_PER_GROUP_MAX,
  MARKS_REMEMBERED_MAX,
  ROBOT_MARK,
  VISITORS_PER_MARK_MAX,
} from '../domain/limits.js';
import { visitorMarks } from '../tables.js';
import type { GroupKey } from './group-store.js';

/** Since when, ms, by user and mark. */
export type Marks = ReadonlyMap<UserId, ReadonlyMap<number, number>>;

const ROWS_PER_SCAN = 1_000;
/** Own marks, robots and who is hidden; races may leave a few more, which are not read. */
const ROWS_MAX = (MARKS_PER_GROUP_MAX + 2) * VISITORS_PER_MARK_MAX;

interface Known {
  readonly marks: Promise<Marks>;
  readonly untilMs: number;
  size: number;
}

export class MarkStore {
  readonly #known = new Map<string, Known>();
  #remembered = 0;

  constructor(
    private readonly tables: TableStore,
    private readonly clock: Clock,
  ) {}

  /** As they were at most five seconds ago; what this process wrote is among them. */
  of(key: GroupKey): Promise<Marks> {
    const name = nameOf(key);
    const nowMs = this.clock.now();
    const known = this.#known.get(name);
    if (known !== undefined && known.untilMs > nowMs) return known.marks;
    return this.#remember(name, this.read(key), nowMs + MARKS_BELIEVED_MS);
  }

  /** As they are. */
  async read({ appId, groupId }: GroupKey): Promise<Marks> {
    const marks = new Map<UserId, Map<number, number>>();
    let rows = 0;
    let cursor: string | undefined;
    do {
      const page: ScanPage<typeof visitorMarks> = await this.tables.scan(
        visitorMarks,
        { app_id: appId, group_id: groupId },
        { limit: ROWS_PER_SCAN, ...(cursor === undefined ? {} : { cursor }) },
      );
      for (const row of page.rows) {
        const user = row.user_id as UserId;
        const ofUser = marks.get(user) ?? new Map<number, number>();
        marks.set(user, ofUser.set(row.mark, Number(row.set_ms)));
      }
      rows += page.rows.length;
      cursor = page.cursor;
    } while (cursor !== undefined && rows < ROWS_MAX);
    return marks;
  }

  async set(key: GroupKey, users: readonly UserId[], marks: readonly number[]): Promise<void> {
    const set_ms = BigInt(this.clock.now());
    const writes = pairs(users, marks).map((pair) => put(visitorMarks, { ...rowKey(key, pair), set_ms }));
    await this.tables.batch(writes);
    this.#forget(nameOf(key));
  }

  async clear(key: GroupKey, users: readonly UserId[], marks: readonly number[]): Promise<void> {
    const writes = pairs(users, marks).map((pair) => remove(visitorMarks, rowKey(key, pair)));
    await this.tables.batch(writes);
    this.#forget(nameOf(key));
  }

  /** Whoever goes loses his marks; a robot stays one. */
  async went(key: GroupKey, user: UserId): Promise<void> {
    const marks = [...((await this.of(key)).get(user)?.keys() ?? [])].filter((mark) => mark !== ROBOT_MARK);
    if (marks.length > 0) await this.clear(key, [user], marks);
  }

  #remember(name: string, marks: Promise<Marks>, untilMs: number): Promise<Marks> {
    const known: Known = { marks, untilMs, size: 0 };
    this.#forget(name);
    this.#known.set(name, known);
    marks.then(
      ({ size }) => {
        if (this.#known.get(name) !== known) return;
        known.size = size;
        this.#remembered += size;
        this.#trim();
      },
      () => this.#forget(name),
    );
    return marks;
  }

  #trim(): void {
    for (const name of this.#known.keys()) {
      const isWithin = this.#known.size <= MARKED_GROUPS_REMEMBERED_MAX;
      if (isWithin && this.#remembered <= MARKS_REMEMBERED_MAX) return;
      this.#forget(name);
    }
  }

  #forget(name: string): void {
    this.#remembered -= this.#known.get(name)?.size ?? 0;
    this.#known.delete(name);
  }
}

export const isRobot = (marks: Marks, user: UserId): boolean => marks.get(user)?.has(ROBOT_MARK) === true;

export const isHidden = (marks: Marks, user: UserId): boolean => marks.get(user)?.has(HIDDEN_MARK) === true;

export const usersMarked = (marks: Marks, mark: number): UserId[] =>
  [...marks].filter(([, ofUser]) => ofUser.has(mark)).map(([user]) => user);

const nameOf = ({ appId, groupId }: GroupKey): string => `${appId} ${groupId}`;

type Pair = readonly [UserId, number];

const pairs = (users: readonly UserId[], marks: readonly number[]): Pair[] =>
  users.flatMap((user) => marks.map((mark): Pair => [user, mark]));

const rowKey = ({ appId, groupId }: GroupKey, [user_id, mark]: Pair) => ({
  app_id: appId,
  group_id: groupId,
  user_id,
  mark,
});
