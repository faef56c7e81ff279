// One message to everybody in a room of one gateway: durable send, ack, fan-out,
// beside a relay that does nothing but write the same bytes to as many sockets.
import { messageOf } from '../load/raw-client.js';
import { EVERYBODY, RelayClient } from '../load/relay-client.js';
import { type LatencySummary, summarise } from '../measure/percentiles.js';
import { type BenchTarget, connectUsers, type Figure, type Relay, textBody } from './bench-target.js';
import { Arrivals, joinAll, measureDelivery, whenAllHear } from './room-load.js';

const RECEIVERS = 500;
const RECEIVERS_LARGE = 5_000;
/** Messages in flight, and the most that a delivery may cost beside the bare broadcast. */
const CASES = [
  { inFlight: 1, ratioMax: 1.1 },
  { inFlight: 4, ratioMax: 0.35 },
] as const;
const GROUP = 'bench-room';
/** Receivers whose pushes are looked into; counting is enough of the others. */
const LATENCY_RECEIVERS = 5;

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
      costs.push(await measureDelivery({ receivers, pid: relay.pid, arrivals, send }, inFlight, durationMs));
    }
    return costs;
  } finally {
    for (const client of clients) client.close();
  }
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
  const clients = await connectUsers(target, receivers + 1, {
    onPush: (index) => (push) => {
      if (index >= 1 && index <= LATENCY_RECEIVERS) {
        const at = sentAt.get(messageOf(push)?.clientMessageId ?? '');
        if (at !== undefined) latencies.push(performance.now() - at);
      }
      arrivals.one();
    },
  });
  const [owner] = clients;
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
    await joinAll(GROUP, clients);
    await whenAllHear(room);
    const micros: number[] = [];
    const summaries: LatencySummary[] = [];
    for (const { inFlight } of CASES) {
      latencies.length = 0;
      sentAt.clear();
      micros.push(await measureDelivery(room, inFlight, target.durationMs));
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
