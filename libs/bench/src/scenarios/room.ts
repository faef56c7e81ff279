// One message to everybody in a room of one gateway: durable send, ack, fan-out,
// beside a relay that does nothing but write the same bytes to as many sockets.
//
// A message is in flight until everybody has it, for the server and the relay alike.
import { messageOf, type RawClient } from '../load/raw-client.js';
import { EVERYBODY, RelayClient } from '../load/relay-client.js';
import { type LatencySummary, summarise } from '../measure/percentiles.js';
import { cpuSecondsOf } from '../measure/process-cost.js';
import {
  BENCH_GROUP_TYPE,
  type BenchTarget,
  connectUsers,
  type Figure,
  type Relay,
  textBody,
} from './bench-target.js';

const RECEIVERS = 500;
const RECEIVERS_LARGE = 5_000;
/** Messages in flight, and the most that a delivery may cost beside the bare broadcast. */
const CASES = [
  { inFlight: 1, ratioMax: 1.1 },
  { inFlight: 4, ratioMax: 0.35 },
] as const;
const GROUP = 'bench-room';
const JOINS_AT_ONCE = 20;
const WARM_UP_SHARE = 0.25;
/** Receivers whose pushes are looked into; counting is enough of the others. */
const LATENCY_RECEIVERS = 5;
const PROBE_MS = 2_000;
const PROBES_MAX = 60;
/** A message that has not reached everybody by then never will. */
const ARRIVAL_MS_MAX = 60_000;

/** Counts what receivers get, and resolves when they have got enough. */
class Arrivals {
  #open = 0;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  expect(count: number): Promise<void> {
    this.#open = count;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  fail(): void {
    this.#reject(new Error(`${this.#open} deliveries of a message to a room did not come`));
  }

  one(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#resolve();
  }
}

interface Room {
  readonly receivers: number;
  readonly pid: number;
  readonly arrivals: Arrivals;
  send(): Promise<unknown>;
}

/** µs of CPU per delivery. */
async function measure(room: Room, inFlight: number, durationMs: number): Promise<number> {
  const { receivers, pid, arrivals } = room;
  const runFor = async (ms: number): Promise<number> => {
    const endAt = performance.now() + ms;
    let messages = 0;
    while (performance.now() < endAt) {
      const arrived = arrivals.expect(receivers * inFlight);
      const lost = setTimeout(() => arrivals.fail(), ARRIVAL_MS_MAX);
      await Promise.all([arrived, ...Array.from({ length: inFlight }, () => room.send())]);
      clearTimeout(lost);
      messages += inFlight;
    }
    return messages;
  };
  await runFor(durationMs * WARM_UP_SHARE);
  const cpu = cpuSecondsOf(pid);
  const messages = await runFor(durationMs);
  return ((cpuSecondsOf(pid) - cpu) / (messages * receivers)) * 1e6;
}

async function measureRelay(relay: Relay, receivers: number, durationMs: number): Promise<number[]> {
  const arrivals = new Arrivals();
  const clients: RelayClient[] = [];
  for (let id = 0; id <= receivers; id++) {
    clients.push(await RelayClient.connect(relay.url, id, () => arrivals.one()));
  }
  const body = textBody();
  const send = (): Promise<unknown> => clients[0]?.send(EVERYBODY, body) ?? Promise.resolve();
  try {
    const costs: number[] = [];
    for (const { inFlight } of CASES) {
      costs.push(await measure({ receivers, pid: relay.pid, arrivals, send }, inFlight, durationMs));
    }
    return costs;
  } finally {
    for (const client of clients) client.close();
  }
}

async function joinAll(owner: RawClient, members: readonly RawClient[]): Promise<void> {
  await owner.createGroup(GROUP, BENCH_GROUP_TYPE);
  for (let first = 0; first < members.length; first += JOINS_AT_ONCE) {
    await Promise.all(members.slice(first, first + JOINS_AT_ONCE).map((member) => member.joinGroup(GROUP)));
  }
}

/** Rooms follow the group a little later: waits until a message reaches everybody. */
async function whenAllHear(room: Room): Promise<void> {
  for (let probe = 0; probe < PROBES_MAX; probe++) {
    const heard = room.arrivals.expect(room.receivers).then(() => true);
    await room.send();
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PROBE_MS));
    if (await Promise.race([heard, late])) return;
  }
  throw new Error(`the group's ${room.receivers} members do not all hear its messages`);
}

interface ServerCosts {
  readonly micros: readonly number[];
  /** From the send to the delivery, ms. */
  readonly latencies: readonly LatencySummary[];
}

async function measureServer(target: BenchTarget, receivers: number): Promise<ServerCosts> {
  const arrivals = new Arrivals();
  const sentAt = new Map<string, number>();
  const latencies: number[] = [];
  const clients = await connectUsers(target, receivers + 1, (index) => (push) => {
    if (index >= 1 && index <= LATENCY_RECEIVERS) {
      const at = sentAt.get(messageOf(push)?.clientMessageId ?? '');
      if (at !== undefined) latencies.push(performance.now() - at);
    }
    arrivals.one();
  });
  const [owner, ...members] = clients;
  if (owner === undefined) throw new Error('no clients');
  const body = textBody();
  const run = Date.now().toString(36);
  let sent = 0;
  const send = (): Promise<unknown> => {
    sent += 1;
    const id = `${run}-${sent}`;
    sentAt.set(id, performance.now());
    return owner.sendToGroup(GROUP, id, body);
  };
  const room = { receivers, pid: target.serverPid, arrivals, send };
  try {
    await joinAll(owner, members);
    await whenAllHear(room);
    const micros: number[] = [];
    const summaries: LatencySummary[] = [];
    for (const { inFlight } of CASES) {
      latencies.length = 0;
      sentAt.clear();
      micros.push(await measure(room, inFlight, target.durationMs));
      summaries.push(summarise(latencies));
    }
    return { micros, latencies: summaries };
  } finally {
    for (const client of clients) client.close();
  }
}

async function bench(target: BenchTarget, relay: Relay, receivers: number): Promise<Figure[]> {
  const yardsticks = await measureRelay(relay, receivers, target.durationMs);
  const { micros, latencies } = await measureServer(target, receivers);
  return CASES.flatMap(({ inFlight, ratioMax }, at): Figure[] => {
    const [value, yardstick] = [micros[at] ?? Number.NaN, yardsticks[at] ?? Number.NaN];
    const where = `a room of ${receivers}, ${inFlight} in flight`;
    return [
      {
        name: `delivery in ${where}`,
        value,
        unit: 'µs server CPU',
        yardstick,
        target: `≤ ${ratioMax}× the bare broadcast`,
        isMet: value <= yardstick * ratioMax,
      },
      {
        name: `send→deliver p99 in ${where}, ${latencies[at]?.count ?? 0} samples`,
        value: latencies[at]?.p99 ?? Number.NaN,
        unit: 'ms',
        target: 'none',
        isMet: true,
      },
    ];
  });
}

export const benchRoom = (target: BenchTarget, relay: Relay): Promise<Figure[]> =>
  bench(target, relay, RECEIVERS);

export const benchLargeRoom = (target: BenchTarget, relay: Relay): Promise<Figure[]> =>
  bench(target, relay, RECEIVERS_LARGE);
