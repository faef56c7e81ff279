// The history writer's pause between batches: a batch of many records costs little more than a batch of one.

/** How long records gather at most; long enough for many of a busy log, too short to be noticed. */
export const WRITER_REST_MS = 20;

/**
 * One pause for all partitions, so that they write in one turn and share a commit. It begins with the
 * first batch that ends and never comes before a batch: what arrives after a quiet time is written at once.
 *
 *   awake ──rest()──▶ resting ──time is up | hurry() | stop()──▶ awake
 */
export class WriterRest {
  #resting: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wake: () => void = () => undefined;
  #isStopped = false;

  /** Resolves when the writer goes on. */
  rest(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    this.#resting ??= new Promise((resolve) => {
      this.#wake = resolve;
      this.#timer = setTimeout(this.hurry, WRITER_REST_MS);
    });
    return this.#resting;
  }

  /** Somebody waits for what is to be written: ends the present pause. */
  readonly hurry = (): void => {
    clearTimeout(this.#timer);
    this.#resting = undefined;
    this.#wake();
  };

  /** Ends the present pause; there are no more. */
  stop(): void {
    this.#isStopped = true;
    this.hurry();
  }
}
