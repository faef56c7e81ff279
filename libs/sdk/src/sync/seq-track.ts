// The order of one conversation on this device. Pure: numbers in, shown items out.
//
// `watermark` is the number up to which everything was shown or does not exist. An
// item is shown when the watermark reaches it, never before, so a pending hole keeps
// everything above it back, and nothing at or below it is shown again.

export interface Numbered {
  /** 1 at first, rising. */
  readonly seq: number;
}

export interface SyncAnswer<T extends Numbered> {
  /** Ascending. */
  readonly items: readonly T[];
  /** Every number up to here is in `items` or will never have an item. */
  readonly completeTo: number;
  readonly headSeq: number;
}

export class SeqTrack<T extends Numbered> {
  private readonly waiting = new Map<number, T>();
  private head: number;

  constructor(
    private mark: number,
    private readonly waitingMax: number,
  ) {
    this.head = mark;
  }

  get watermark(): number {
    return this.mark;
  }

  /** The highest number known to exist. */
  get headSeq(): number {
    return this.head;
  }

  /** Something below the head is not here yet: ask for what comes after the watermark. */
  get hasGap(): boolean {
    return this.head > this.mark;
  }

  /** @returns what is to be shown now, in order; empty for repeats and for what must wait. */
  offer(item: T): readonly T[] {
    if (item.seq <= this.mark) return [];
    this.learnHead(item.seq);
    if (!this.waiting.has(item.seq)) this.waiting.set(item.seq, item);
    const shown = this.advance();
    this.trim();
    return shown;
  }

  /** The head was seen elsewhere. */
  learnHead(seq: number): void {
    if (seq > this.head) this.head = seq;
  }

  /** @returns what is to be shown now, in order. */
  fill(answer: SyncAnswer<T>): readonly T[] {
    this.learnHead(answer.headSeq);
    for (const item of answer.items) {
      if (item.seq > this.mark) {
        this.learnHead(item.seq);
        this.waiting.set(item.seq, item);
      }
    }
    const shown = this.takeUpTo(answer.completeTo);
    if (answer.completeTo > this.mark) this.mark = answer.completeTo;
    this.learnHead(this.mark);
    const all = [...shown, ...this.advance()];
    this.trim();
    return all;
  }

  /** Passes over everything up to `seq`. @returns what is to be shown now, in order. */
  skipTo(seq: number): readonly T[] {
    this.forgetUpTo(seq);
    if (seq > this.mark) this.mark = seq;
    this.learnHead(this.mark);
    return this.advance();
  }

  /** What waits up to `seq` is not to be trusted: it is fetched instead. */
  forgetUpTo(seq: number): void {
    this.takeUpTo(seq);
  }

  /** Forgets the newest of too many: the head stays known, so they are fetched again. */
  private trim(): void {
    if (this.waiting.size <= this.waitingMax) return;
    const newestFirst = [...this.waiting.keys()].sort((a, b) => b - a);
    for (const seq of newestFirst.slice(0, this.waiting.size - this.waitingMax)) {
      this.waiting.delete(seq);
    }
  }

  private takeUpTo(seq: number): T[] {
    const taken = [...this.waiting.values()].filter((item) => item.seq <= seq);
    for (const item of taken) this.waiting.delete(item.seq);
    return taken.sort((a, b) => a.seq - b.seq);
  }

  private advance(): T[] {
    const shown: T[] = [];
    for (
      let next = this.waiting.get(this.mark + 1);
      next !== undefined;
      next = this.waiting.get(this.mark + 1)
    ) {
      this.waiting.delete(next.seq);
      this.mark = next.seq;
      shown.push(next);
    }
    return shown;
  }
}
