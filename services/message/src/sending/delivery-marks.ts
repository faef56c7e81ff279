// Which log records were delivered: noted after delivery, read by the repair. In a cluster the
// repair of a partition may run in another process, so the marks are shared through
// coordination, in batches; in a single process nobody else would read them.
import type { Coordination } from '@parley/coordination';
import type { Position } from '@parley/event-log';
import { blockKey, DeliveredOffsets } from './delivered-offsets.js';

/** Long after the repair has looked, which is when the record is two seconds to a minute old. */
const KEEP_MS = 2 * 60 * 1_000;
const FLUSH_MS = 100;
/** Marks that wait for their batch; beyond it they are dropped and the repair delivers once more. */
const WAITING_MAX = 50_000;

export class DeliveryMarks {
  readonly #own = new DeliveredOffsets();
  #waiting = new Map<string, string[]>();
  #waitingCount = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly coordination: Coordination,
    private readonly onLost: (marks: number) => void,
  ) {}

  /** Notes that the record was delivered; others see it a moment later. */
  add({ partition, offset }: Position): void {
    this.#own.add(partition, offset);
    if (this.coordination.scope === 'process') return;
    if (this.#waitingCount >= WAITING_MAX) {
      this.onLost(1);
      return;
    }
    const key = setKey(partition, offset);
    const members = this.#waiting.get(key);
    if (members === undefined) this.#waiting.set(key, [`${offset}`]);
    else members.push(`${offset}`);
    this.#waitingCount++;
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Writes what waits. Never rejects: a lost mark only means one delivery more. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = new Map();
    this.#waitingCount = 0;
    this.#flushing = this.#flushing.then(async () => {
      for (const [key, members] of batch) {
        await this.coordination.setAdd(key, members, KEEP_MS).catch(() => this.onLost(members.length));
      }
    });
    return this.#flushing;
  }

  /** Which of these records of one partition were not delivered by anybody. Rejects with UNAVAILABLE. */
  async undelivered<T extends Position>(partition: number, records: readonly T[]): Promise<T[]> {
    const unknown = records.filter((record) => !this.#own.has(partition, record.offset));
    if (unknown.length === 0 || this.coordination.scope === 'process') return unknown;
    const bySet = Map.groupBy(unknown, (record) => setKey(partition, record.offset));
    const undelivered: T[] = [];
    for (const [key, some] of bySet) {
      const found = await this.coordination.setHas(
        key,
        some.map((record) => `${record.offset}`),
      );
      undelivered.push(...some.filter((_, index) => found[index] !== true));
    }
    return undelivered;
  }
}

const setKey = (partition: number, offset: bigint): string =>
  `message:delivered:${blockKey(partition, offset)}`;
