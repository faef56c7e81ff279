// What a one-to-one message costs in CPU, through a server of whatever shape and through the bare relay.
import { awaitHistory } from '../load/await-history.js';
import { startClosedLoop } from '../load/closed-loop.js';
import { PatientSender } from '../load/patient-sender.js';
import { RelayClient } from '../load/relay-client.js';
import { type CpuShare, type NamedProcess, totalSeconds, watchCpu } from '../measure/cpu-split.js';
import { connectUsers, type LoadTarget, partnerOf, type Relay, textBody, userIdOf } from './bench-target.js';

const CLIENTS = 500;
/** Of a measurement's length, before it. */
export const WARM_UP_SHARE = 0.25;

export interface MessageCost {
  readonly microsPerMessage: number;
  readonly perSecond: number;
  readonly messages: number;
  /** CPU of each process during the measurement. */
  readonly shares: readonly CpuShare[];
}

interface Measurement {
  readonly processes: readonly NamedProcess[];
  readonly durationMs: number;
  readonly lanes: number;
  readonly warmUpMs: number;
  readonly sendNext: (lane: number) => Promise<unknown>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The load stops after the warm-up and again before the end, so that exactly the work for its messages is counted. */
async function measureWhole(measurement: Measurement, settle: () => Promise<void>): Promise<MessageCost> {
  const { processes, durationMs, lanes, warmUpMs, sendNext } = measurement;
  const warmUp = startClosedLoop(lanes, sendNext);
  await pause(warmUpMs);
  await warmUp.stop();
  await settle();
  const [read, at] = [watchCpu(processes), performance.now()];
  const loop = startClosedLoop(lanes, sendNext);
  await pause(durationMs);
  await loop.stop();
  await settle();
  const shares = read();
  const messages = loop.done();
  const perSecond = messages / ((performance.now() - at) / 1000);
  return { microsPerMessage: (totalSeconds(shares) / messages) * 1e6, perSecond, messages, shares };
}

async function measure({
  processes,
  durationMs,
  lanes,
  warmUpMs,
  sendNext,
}: Measurement): Promise<MessageCost> {
  const loop = startClosedLoop(lanes, sendNext);
  await pause(warmUpMs);
  const [read, done, at] = [watchCpu(processes), loop.done(), performance.now()];
  await pause(durationMs);
  const messages = loop.done() - done;
  const shares = read();
  const perSecond = messages / ((performance.now() - at) / 1000);
  await loop.stop();
  return { microsPerMessage: (totalSeconds(shares) / messages) * 1e6, perSecond, messages, shares };
}

export interface MessageLoad {
  readonly processes: readonly NamedProcess[];
  readonly inFlightPerClient: number;
  /** Not counted. */
  readonly warmUpMs: number;
  /** Counts everything down to the written history of the last message, where that is done behind the acks. */
  readonly isWhole?: boolean;
}

/**
 * Durable messages in a closed loop, partners on different gateways where there are two. What is refused is sent
 * again and counted: `refusals`, the warm-up's included.
 */
export async function measureMessages(
  target: LoadTarget,
  { processes, inFlightPerClient, warmUpMs, isWhole = false }: MessageLoad,
): Promise<MessageCost & { readonly refusals: number }> {
  const clients = await connectUsers(target, CLIENTS);
  const body = textBody();
  const sender = new PatientSender();
  let sent = 0;
  const run = Date.now().toString(36);
  const sendNext = async (lane: number): Promise<void> => {
    const client = clients[lane % CLIENTS];
    sent += 1;
    const to = userIdOf(partnerOf(lane % CLIENTS));
    if (client) await sender.send(client, { to, clientMessageId: `${run}-${sent}`, body });
  };
  const lanes = CLIENTS * inFlightPerClient;
  try {
    const measurement = { processes, lanes, durationMs: target.durationMs, warmUpMs, sendNext };
    const settle = () => awaitHistory(clients, (index) => userIdOf(partnerOf(index)));
    const cost = await (isWhole ? measureWhole(measurement, settle) : measure(measurement));
    return { ...cost, refusals: sender.refusals };
  } finally {
    for (const client of clients) client.close();
  }
}

/** The same bytes through the yardstick. */
export async function measureRelay(
  relay: Relay,
  durationMs: number,
  inFlightPerClient: number,
): Promise<MessageCost> {
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, (_, i) => RelayClient.connect(relay.url, i, () => undefined)),
  );
  const body = textBody();
  const sendNext = (lane: number): Promise<unknown> => {
    const index = lane % CLIENTS;
    return clients[index]?.send(partnerOf(index), body) ?? Promise.resolve();
  };
  const processes = [{ name: 'relay', pid: relay.pid }];
  try {
    const warmUpMs = durationMs * WARM_UP_SHARE;
    return await measure({ processes, lanes: CLIENTS * inFlightPerClient, durationMs, warmUpMs, sendNext });
  } finally {
    for (const client of clients) client.close();
  }
}
