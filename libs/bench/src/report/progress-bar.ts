// How far something is that takes long, a line at each tenth of the way: it reads the same in a terminal and in a log.
const WIDTH = 20;
const STEPS = 10;

export class ProgressBar {
  #done = 0;
  #shown = 0;

  constructor(
    private readonly what: string,
    private readonly total: number,
    private readonly onProgress: (line: string) => void,
  ) {}

  /** So many more are done. */
  advance(count: number): void {
    this.#done += count;
    const step = Math.floor((this.#done / this.total) * STEPS);
    if (step <= this.#shown) return;
    this.#shown = step;
    const filled = Math.min(WIDTH, Math.round((this.#done / this.total) * WIDTH));
    const bar = '#'.repeat(filled).padEnd(WIDTH, '.');
    this.onProgress(`  ${this.what} [${bar}] ${this.#done} of ${this.total}`);
  }
}
