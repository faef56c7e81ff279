// Unread messages of one conversation on this device. Pure.
//
// The server's count at some head is the base; messages of the peer above that head
// are counted here, one by one, so that a read mark among them needs no question.

export interface UnreadBase {
  readonly headSeq: number;
  readonly readSeq: number;
  readonly unread: number;
}

export class UnreadCount {
  private base: UnreadBase = { headSeq: 0, readSeq: 0, unread: 0 };
  /** Ascending; all above base.headSeq and above the read mark. */
  private numbers: number[] = [];

  constructor(private readonly numbersMax: number) {}

  get value(): number {
    return this.base.unread + this.numbers.length;
  }

  get readSeq(): number {
    return this.base.readSeq;
  }

  /** Whether the server's count should hold this message; it does not if the message came after that was made. */
  covers(seq: number): boolean {
    return seq <= this.base.headSeq && seq > this.base.readSeq;
  }

  /**
   * Takes over what the server counted.
   *
   * @returns false when that is older than a read mark known here and says nothing: ask again.
   */
  rebase(base: UnreadBase): boolean {
    if (base.headSeq < this.base.headSeq) return this.read(base.readSeq); // an older count than ours
    const readSeq = this.base.readSeq;
    if (base.readSeq < readSeq && readSeq < base.headSeq) return false;
    const unread = base.readSeq < readSeq ? 0 : base.unread;
    this.base = { headSeq: base.headSeq, readSeq: Math.max(base.readSeq, readSeq), unread };
    this.dropUpTo(Math.max(base.headSeq, this.base.readSeq));
    return true;
  }

  /** A message of the peer that counts was shown. */
  arrive(seq: number): void {
    if (seq <= this.base.headSeq || seq <= this.base.readSeq) return;
    if (seq <= (this.numbers.at(-1) ?? 0)) return;
    this.numbers.push(seq);
    if (this.numbers.length > this.numbersMax) this.fold();
  }

  /**
   * Everything up to `seq` is read.
   *
   * @returns false when the mark lies where only the server can count: ask it.
   */
  read(seq: number): boolean {
    if (seq <= this.base.readSeq) return true;
    if (seq < this.base.headSeq) {
      if (this.base.unread > 0) return false;
      this.base = { ...this.base, readSeq: seq };
      return true;
    }
    this.base = { headSeq: this.base.headSeq, readSeq: seq, unread: 0 };
    this.dropUpTo(seq);
    return true;
  }

  /** An own message was shown in a conversation where sending is reading. What the base counted knows it already. */
  sent(seq: number): void {
    if (seq > this.base.headSeq) this.read(seq);
  }

  /**
   * A message does not count any longer.
   *
   * @returns false when only the server knows whether it is in the count: ask it.
   */
  retract(seq: number): boolean {
    if (seq <= this.base.readSeq) return true;
    if (seq <= this.base.headSeq) return this.base.unread === 0;
    this.numbers = this.numbers.filter((number) => number !== seq);
    return true;
  }

  /**
   * Nothing up to `seq` counts any longer, although it is not read.
   *
   * @returns false when it lies where only the server can count: ask it.
   */
  clear(seq: number): boolean {
    if (seq < this.base.headSeq) return this.base.unread === 0;
    this.base = { ...this.base, headSeq: seq, unread: 0 };
    this.dropUpTo(seq);
    return true;
  }

  private dropUpTo(seq: number): void {
    this.numbers = this.numbers.filter((number) => number > seq);
  }

  /** Sums up the older half. */
  private fold(): void {
    const half = Math.ceil(this.numbers.length / 2);
    const headSeq = this.numbers[half - 1] as number;
    this.base = { ...this.base, headSeq, unread: this.base.unread + half };
    this.numbers = this.numbers.slice(half);
  }
}
