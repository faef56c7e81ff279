// Which log records were delivered: written in batches after delivery, read by the repair.
import type { Coordination } from '@parley/coordination';
import type { Position } from '@parley/event-log';

/** Offsets of one partition that share a set; below the sets' bound of 10,000 members. */
const OFFSETS_PER_SET = 4_096n;
/** Long after the repair has looked. */
const KEEP_MS = 10 * 60 * 1_000;
const FLUSH_MS = 100;
/** Marks that wait for their batch; beyond it they are dropped and the repair delivers once more. */
const WAITING_MAX = 50_000;

export class DeliveryMarks {
  #waiting = new Map<string, string[]>();
  #waitingCount = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly coordination: Coordination,
    private readonly onLost: (marks: number) => void,
  ) {}

  /** Notes that the record was delivered; durable enough a moment later. */
  add(position: Position): void {
    if (this.#waitingCount >= WAITING_MAX) {
      this.onLost(1);
      return;
    }
    const key = setKey(position.partition, position.offset);
    const members = this.#waiting.get(key);
    if (members === undefined) this.#waiting.set(key, [`${position.offset}`]);
    else members.push(`${position.offset}`);
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

  /** Which of these records of one partition were delivered, in the order asked. Rejects with UNAVAILABLE. */
  async delivered(partition: number, offsets: readonly bigint[]): Promise<boolean[]> {
    await this.#flushing;
    const bySet = new Map<string, number[]>();
    offsets.forEach((offset, index) => {
      const key = setKey(partition, offset);
      const indexes = bySet.get(key);
      if (indexes === undefined) bySet.set(key, [index]);
      else indexes.push(index);
    });
    const answer = new Array<boolean>(offsets.length).fill(false);
    for (const [key, indexes] of bySet) {
      const found = await this.coordination.setHas(
        key,
        indexes.map((index) => `${offsets[index]}`),
      );
      indexes.forEach((index, at) => {
        answer[index] = found[at] === true;
      });
    }
    return answer;
  }
}

const setKey = (partition: number, offset: bigint): string =>
  `message:delivered:${partition}:${offset / OFFSETS_PER_SET}`;
