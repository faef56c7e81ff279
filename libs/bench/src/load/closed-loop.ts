// Load: a fixed number of sends in flight, each followed by the next; or a fixed rate.

export interface ClosedLoop {
  /** Finished sends so far. */
  readonly done: () => number;
  /** Lets every lane finish its current send. @throws the first failure of any lane. */
  stop(): Promise<void>;
}

/** Keeps `lanes` sends in flight until stopped. `sendNext` resolves when a send is acknowledged. */
export function startClosedLoop(lanes: number, sendNext: (lane: number) => Promise<unknown>): ClosedLoop {
  let isStopping = false;
  let done = 0;
  const run = async (lane: number): Promise<void> => {
    while (!isStopping) {
      await sendNext(lane);
      done += 1;
    }
  };
  const lanesDone = Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
  // A lane may fail before stop() is called; the failure is reported there.
  lanesDone.catch(() => undefined);
  return {
    done: () => done,
    stop: async () => {
      isStopping = true;
      await lanesDone;
    },
  };
}

/**
 * Calls `send` at an even rate for a time, in small groups every few ms, without
 * waiting for answers: latency under a given load, not under the load that latency allows.
 */
export async function runAtRate(
  perSecond: number,
  durationMs: number,
  send: (index: number) => Promise<unknown>,
): Promise<void> {
  const start = performance.now();
  const pending: Promise<unknown>[] = [];
  let sent = 0;
  for (;;) {
    const elapsed = performance.now() - start;
    if (elapsed >= durationMs) break;
    const due = Math.floor((elapsed / 1000) * perSecond);
    for (; sent < due; sent += 1) pending.push(send(sent));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(pending);
}
