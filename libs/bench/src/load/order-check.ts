// What one member of a group heard: every message once, in the order of the numbers and of each sender's sends.

export interface HeardOrder {
  readonly heard: number;
  /** Messages whose number is not the next one. */
  readonly outOfOrder: number;
  /** Messages that a later one of the same sender had overtaken. */
  readonly overtaken: number;
}

export class OrderCheck implements HeardOrder {
  heard = 0;
  outOfOrder = 0;
  overtaken = 0;
  #seq = 0n;
  readonly #sent = new Map<string, number>();

  /** @param place of the message among its sender's. */
  hear(seq: bigint, sender: string, place: number): void {
    this.heard += 1;
    if (this.#seq !== 0n && seq !== this.#seq + 1n) this.outOfOrder += 1;
    if (place <= (this.#sent.get(sender) ?? -1)) this.overtaken += 1;
    this.#seq = seq;
    this.#sent.set(sender, place);
  }
}
