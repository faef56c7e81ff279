// Messages to everybody in a room, whoever passes them on: a message is in flight until everybody has it.
import type { RawClient } from '../load/raw-client.js';
import { cpuSecondsOf } from '../measure/process-cost.js';
import { BENCH_GROUP_TYPE } from './bench-target.js';

const JOINS_AT_ONCE = 20;
const WARM_UP_SHARE = 0.25;
const PROBE_MS = 2_000;
const PROBES_MAX = 60;
/** A message that has not reached everybody by then never will. */
const ARRIVAL_MS_MAX = 60_000;

/** Of the server: one client sends everything, as fast as it is read, which is more than one client of an app may. */
export const ONE_SENDER_SETTINGS = {
  PARLEY_GATEWAY_SENDS_PER_SECOND: '100000',
  PARLEY_GATEWAY_SENDS_BURST: '100000',
};

/** Counts what receivers get, and resolves when they have got enough. */
export class Arrivals {
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

export interface Room {
  readonly receivers: number;
  readonly pid: number;
  readonly arrivals: Arrivals;
  send(): Promise<unknown>;
}

/** µs of CPU per delivery. */
export async function measureDelivery(room: Room, inFlight: number, durationMs: number): Promise<number> {
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

/** The first client makes the group, and the others join it. @throws Error on a refusal. */
export async function joinAll(groupId: string, clients: readonly RawClient[]): Promise<void> {
  const [owner, ...members] = clients;
  await owner?.createGroup(groupId, BENCH_GROUP_TYPE);
  for (let first = 0; first < members.length; first += JOINS_AT_ONCE) {
    await Promise.all(members.slice(first, first + JOINS_AT_ONCE).map((member) => member.joinGroup(groupId)));
  }
}

/** Rooms follow the group a little later: waits until a message reaches everybody. */
export async function whenAllHear(room: Omit<Room, 'pid'>): Promise<void> {
  for (let probe = 0; probe < PROBES_MAX; probe++) {
    const heard = room.arrivals.expect(room.receivers).then(() => true);
    await room.send();
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PROBE_MS));
    if (await Promise.race([heard, late])) return;
  }
  throw new Error(`the group's ${room.receivers} members do not all hear its messages`);
}
