// As many sockets as a process may open here, all into one live group; then a message to all of them, beside the bare
// broadcast to as many.
import { Crowd } from '../load/crowd.js';
import { RawClient } from '../load/raw-client.js';
import { EVERYBODY, RelayClient } from '../load/relay-client.js';
import { cpuSecondsOf } from '../measure/process-cost.js';
import { ProgressBar } from '../report/progress-bar.js';
import {
  type BenchTarget,
  type Figure,
  type Relay,
  textBody,
  toLoadTarget,
  userIdOf,
  userSigOf,
} from './bench-target.js';

const GROUP = 'bench-live';
const VISITORS = 15_000;
/** A process may open 20,000 descriptors here, and one loop must not be what is waited for. */
const PROCESSES = 2;
const EACH = VISITORS / PROCESSES;
const JOINS_AT_ONCE_EACH = 64;
const JOINS_PER_SECOND_MIN = 2_000;
/** What is to be delivered when the measurement begins has come by then. */
const SETTLE_MS = 3_000;
const WARM_UP_MESSAGES = 3;
const RATIO_MAX = 1.1;
const BODY = textBody();

/** Logins come as fast as they can; they are not what is measured. */
export const LIVE_JOIN_SETTINGS = {
  PARLEY_GATEWAY_LOGINS_PER_SECOND: '100000',
  PARLEY_GATEWAY_LOGINS_BURST: '100000',
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** All processes of clients. */
class Crowds {
  readonly #bar: ProgressBar;
  readonly #crowds: readonly Crowd[];

  constructor(what: string, onProgress: (line: string) => void) {
    this.#bar = new ProgressBar(what, VISITORS, onProgress);
    this.#crowds = Array.from({ length: PROCESSES }, () => new Crowd((count) => this.#bar.advance(count)));
  }

  each<T>(run: (crowd: Crowd, first: number) => Promise<T>): Promise<T[]> {
    // The first number is whoever sends.
    return Promise.all(this.#crowds.map((crowd, at) => run(crowd, 1 + at * EACH)));
  }

  async stop(): Promise<void> {
    await this.each((crowd) => crowd.stop());
  }
}

interface Broadcast {
  readonly pid: number;
  readonly durationMs: number;
  readonly send: () => Promise<unknown>;
}

/** Sends a message when everybody has the last one. @returns µs of CPU per delivery. */
async function measureBroadcast(crowds: Crowds, { pid, durationMs, send }: Broadcast): Promise<number> {
  const heardByAll = async (): Promise<void> => {
    const before = await crowds.each((crowd) => crowd.call('heard'));
    let at = 0;
    const heard = crowds.each((crowd) => crowd.call('whenHeard', (before[at++] ?? 0) + EACH));
    await Promise.all([heard, send()]);
  };
  for (let warmUp = 0; warmUp < WARM_UP_MESSAGES; warmUp += 1) await heardByAll();
  const [cpu, endAt] = [cpuSecondsOf(pid), performance.now() + durationMs];
  let messages = 0;
  for (; performance.now() < endAt; messages += 1) await heardByAll();
  return ((cpuSecondsOf(pid) - cpu) / (messages * VISITORS)) * 1e6;
}

async function measureRelay(relay: Relay, target: BenchTarget): Promise<number> {
  const crowds = new Crowds('sockets of the bare relay', target.onProgress);
  try {
    await crowds.each((crowd, first) => crowd.call('connectToRelay', relay.url, { first, count: EACH }));
    const sender = await RelayClient.connect(relay.url, 0, () => undefined);
    const send = (): Promise<unknown> => sender.send(EVERYBODY, BODY);
    const micros = await measureBroadcast(crowds, { pid: relay.pid, durationMs: target.durationMs, send });
    sender.close();
    return micros;
  } finally {
    await crowds.stop();
  }
}

interface LiveCosts {
  readonly joinsPerSecond: number;
  readonly microsPerJoin: number;
  readonly bytesPerMembership: number;
  readonly microsPerDelivery: number;
}

async function measureLive(target: BenchTarget): Promise<LiveCosts> {
  const crowds = new Crowds('visitors logged in', target.onProgress);
  const owner = await RawClient.connect({
    gatewayUrl: target.gatewayUrls[0] ?? '',
    sdkAppId: target.sdkAppId,
    userId: userIdOf(0),
    userSig: userSigOf(target, userIdOf(0)),
  });
  try {
    await owner.createGroup(GROUP, 'AVChatRoom');
    const load = toLoadTarget(target);
    await crowds.each((crowd, first) => crowd.call('connect', load, { first, count: EACH }));
    const bytes = await target.heapBytes();
    target.onProgress('  they join …');
    const cpu = cpuSecondsOf(target.serverPid);
    const times = await crowds.each((crowd) => crowd.call('joinGroup', GROUP, JOINS_AT_ONCE_EACH));
    await pause(SETTLE_MS);
    const seconds = cpuSecondsOf(target.serverPid) - cpu;
    const bytesPerMembership = ((await target.heapBytes()) - bytes) / VISITORS;
    let sent = 0;
    const send = (): Promise<unknown> => owner.sendToGroup(GROUP, `live-${sent++}`, BODY);
    const { serverPid: pid, durationMs } = target;
    return {
      joinsPerSecond: VISITORS / (Math.max(...times) / 1_000),
      microsPerJoin: (seconds / VISITORS) * 1e6,
      bytesPerMembership,
      microsPerDelivery: await measureBroadcast(crowds, { pid, durationMs, send }),
    };
  } finally {
    owner.close();
    await crowds.stop();
  }
}

export async function benchLiveJoin(target: BenchTarget, relay: Relay): Promise<Figure[]> {
  const yardstick = await measureRelay(relay, target);
  const costs = await measureLive(target);
  return [
    {
      name: `${VISITORS} sockets join one AVChatRoom`,
      value: costs.joinsPerSecond,
      unit: 'joins/s',
      target: `≥ ${JOINS_PER_SECOND_MIN}`,
      isMet: costs.joinsPerSecond >= JOINS_PER_SECOND_MIN,
    },
    {
      name: 'one of these joins, with what the room hears of it',
      value: costs.microsPerJoin,
      unit: 'µs server CPU',
      target: 'none',
      isMet: true,
    },
    {
      name: 'memory of one membership, in one room only',
      value: costs.bytesPerMembership,
      unit: 'bytes heap',
      target: 'none',
      isMet: true,
    },
    {
      name: `delivery in a live group of ${VISITORS}, 1 in flight`,
      value: costs.microsPerDelivery,
      unit: 'µs server CPU',
      yardstick,
      target: `≤ ${RATIO_MAX}× the bare broadcast`,
      isMet: costs.microsPerDelivery <= yardstick * RATIO_MAX,
    },
  ];
}
