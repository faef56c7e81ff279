// Ten thousand messages to a room in which some do not read: what each of them costs the server's memory, and what the
// others feel. The same room with the same messages, all of whom read, is what it is set beside.
//
// The members of a room share one frame, so counting what waits per connection says more than it costs: what counts is
// resident memory. It is looked at all the time, for the peak passes when the slow ones are dropped. It holds garbage, too:
// rounds in which all read come before and after.
import { messageOf, type RawClient } from '../load/raw-client.js';
import { type LatencySummary, summarise } from '../measure/percentiles.js';
import { residentBytesOf } from '../measure/process-cost.js';
import { ProgressBar } from '../report/progress-bar.js';
import { type BenchTarget, connectUsers, type Figure, textBody } from './bench-target.js';
import { Arrivals, joinAll, whenAllHear } from './room-load.js';

const READERS = 10;
const SLOW = 20;
const MESSAGES = 10_000;
/** Of a body: what is sent to one reader is more than the buffers of two sockets take. */
const BODY_BYTES = 5_000;
const AT_ONCE = 8;
const LOOK_EVERY_MS = 20;
/** Also what a slow reader may cost. */
const MEBIBYTE = 1_024 * 1_024;
const P99_RATIO_MAX = 1.5;
const SETTLE_MS = 2_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Round {
  /** Of the server's resident memory. */
  readonly peakBytes: number;
  readonly latency: LatencySummary;
}

class SlowRoom {
  readonly #arrivals = new Arrivals();
  readonly #sentAt = new Map<string, number>();
  readonly #samples: number[] = [];
  readonly #body = textBody('x'.repeat(BODY_BYTES));
  #clients: readonly RawClient[] = [];
  #sent = 0;

  constructor(
    private readonly target: BenchTarget,
    private readonly groupId: string,
  ) {}

  /** The sender, who reads his acks; then those who read; then those who may stop. */
  async prepare(): Promise<void> {
    const onPush = (index: number) => (push: Uint8Array) => this.#hear(index, push);
    this.#clients = await connectUsers(this.target, 1 + READERS + SLOW, { onPush });
    await joinAll(this.groupId, this.#clients);
    await whenAllHear({ receivers: READERS, arrivals: this.#arrivals, send: () => this.#send() });
    await pause(SETTLE_MS);
  }

  /** @returns what it took until all readers had all messages. */
  async run(what: string): Promise<Round> {
    const bar = new ProgressBar(what, MESSAGES, this.target.onProgress);
    let peakBytes = 0;
    const look = setInterval(() => {
      peakBytes = Math.max(peakBytes, residentBytesOf(this.target.serverPid));
    }, LOOK_EVERY_MS);
    this.#samples.length = 0;
    try {
      for (let sent = 0; sent < MESSAGES; sent += AT_ONCE) {
        const arrived = this.#arrivals.expect(READERS * AT_ONCE);
        await Promise.all([arrived, ...Array.from({ length: AT_ONCE }, () => this.#send())]);
        bar.advance(AT_ONCE);
      }
    } finally {
      clearInterval(look);
    }
    return { peakBytes, latency: summarise(this.#samples) };
  }

  stopReading(): void {
    for (const client of this.#slow()) client.pause();
  }

  /** @returns how many of the slow ones the server has dropped. */
  async countDropped(): Promise<number> {
    for (const client of this.#slow()) client.resume();
    await pause(SETTLE_MS);
    return this.#slow().filter((client) => client.isClosed).length;
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  #slow(): readonly RawClient[] {
    return this.#clients.slice(1 + READERS);
  }

  #send(): Promise<unknown> {
    this.#sent += 1;
    const id = `slow-${this.#sent}`;
    this.#sentAt.set(id, performance.now());
    return this.#clients[0]?.sendToGroup(this.groupId, id, this.#body) ?? Promise.resolve();
  }

  #hear(index: number, push: Uint8Array): void {
    if (index > READERS) return;
    this.#arrivals.one();
    if (index !== READERS) return;
    const id = messageOf(push)?.clientMessageId ?? '';
    this.#samples.push(performance.now() - (this.#sentAt.get(id) ?? Number.NaN));
    this.#sentAt.delete(id);
  }
}

export async function benchSlowReader(target: BenchTarget): Promise<Figure[]> {
  const room = new SlowRoom(target, 'bench-slow-reader');
  try {
    await room.prepare();
    await room.run('messages of a first round');
    const before = await room.run('messages while all read');
    room.stopReading();
    const slow = await room.run(`messages while ${SLOW} do not read`);
    const dropped = await room.countDropped();
    const after = await room.run('messages to the others');
    const peakBytes = Math.max(before.peakBytes, after.peakBytes);
    return toFigures({ ...before, peakBytes }, slow, dropped);
  } finally {
    room.close();
  }
}

function toFigures(reading: Round, slow: Round, dropped: number): Figure[] {
  return [
    {
      name: `resident memory at its peak while ${MESSAGES} messages come and ${SLOW} do not read (${dropped} dropped); yardstick: while all read`,
      value: slow.peakBytes / MEBIBYTE,
      unit: 'MiB',
      yardstick: reading.peakBytes / MEBIBYTE,
      target: '≤ 1 MiB more for each of them, all dropped',
      isMet: slow.peakBytes - reading.peakBytes <= SLOW * MEBIBYTE && dropped === SLOW,
    },
    {
      name: `send→deliver p99 beside ${SLOW} slow readers, ${slow.latency.count} samples; yardstick: while all read`,
      value: slow.latency.p99,
      unit: 'ms',
      yardstick: reading.latency.p99,
      target: `≤ ${P99_RATIO_MAX}× while all read`,
      isMet: slow.latency.p99 <= reading.latency.p99 * P99_RATIO_MAX,
    },
  ];
}
