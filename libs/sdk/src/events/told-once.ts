// Which news of something that changes was told last, so that each is told once and none after a later one.

export class ToldOnce {
  /** The first is the oldest. */
  private readonly last = new Map<string, bigint>();

  /** Of things beyond `max` the oldest are forgotten: their news may be told twice. */
  constructor(private readonly max: number) {}

  /** Whether this news is newer than what was told; it counts as told then. */
  isNews(name: string, version: bigint): boolean {
    if (version <= (this.last.get(name) ?? -1n)) return false;
    this.last.delete(name);
    this.last.set(name, version);
    const [oldest] = this.last.keys();
    if (this.last.size > this.max && oldest !== undefined) this.last.delete(oldest);
    return true;
  }
}
