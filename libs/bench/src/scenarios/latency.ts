// Send to deliver at half of the load that the server can take.
import { awaitHistory } from '../load/await-history.js';
import { runAtRate, startClosedLoop } from '../load/closed-loop.js';
import { PatientSender } from '../load/patient-sender.js';
import { messageOf } from '../load/raw-client.js';
import { summarise } from '../measure/percentiles.js';
import {
  type BenchTarget,
  connectUsers,
  type Figure,
  type LoadTarget,
  partnerOf,
  textBody,
  userIdOf,
} from './bench-target.js';

const CLIENTS = 200;
const P99_MAX_MS = 6;

interface Knee {
  readonly send: (index: number) => Promise<unknown>;
  readonly durationMs: number;
  readonly settle: () => Promise<void>;
}

/** Messages a second, in a closed loop. */
async function findKnee({ send, durationMs, settle }: Knee): Promise<number> {
  const warmUp = startClosedLoop(CLIENTS, send);
  await new Promise((resolve) => setTimeout(resolve, durationMs / 4));
  await warmUp.stop();
  await settle();
  const at = performance.now();
  const loop = startClosedLoop(CLIENTS, send);
  await new Promise((resolve) => setTimeout(resolve, durationMs / 2));
  await loop.stop();
  await settle();
  return loop.done() / ((performance.now() - at) / 1000);
}

export const benchLatency = (target: BenchTarget): Promise<Figure[]> =>
  measureLatency(target, { p99MaxMs: P99_MAX_MS }).then(({ figures }) => figures);

export interface LatencyOptions {
  readonly p99MaxMs: number;
  /** What the server can take includes the history of the messages, where that is written behind the acks. */
  readonly isWhole?: boolean;
}

/** Answers the rate, too, at which it measured: half of what the server can take. */
export async function measureLatency(
  target: LoadTarget,
  { p99MaxMs, isWhole = false }: LatencyOptions,
): Promise<{ readonly figures: Figure[]; readonly halfLoad: number }> {
  const sentAt = new Map<string, number>();
  const samples: number[] = [];
  const onPush = (push: Uint8Array): void => {
    const id = messageOf(push)?.clientMessageId ?? '';
    const at = sentAt.get(id);
    if (at !== undefined) samples.push(performance.now() - at);
    sentAt.delete(id);
  };
  const clients = await connectUsers(target, CLIENTS, { onPush: () => onPush });
  const body = textBody();
  const sender = new PatientSender();
  const run = Date.now().toString(36);
  let sent = 0;
  const send = (lane: number): Promise<unknown> => {
    const index = lane % CLIENTS;
    sent += 1;
    const id = `${run}-${sent}`;
    sentAt.set(id, performance.now());
    const client = clients[index];
    const message = { to: userIdOf(partnerOf(index)), clientMessageId: id, body };
    return client ? sender.send(client, message) : Promise.resolve();
  };
  try {
    const settle = () => awaitHistory(clients, (index) => userIdOf(partnerOf(index)));
    const nothing = () => Promise.resolve();
    const knee = await findKnee({ send, durationMs: target.durationMs, settle: isWhole ? settle : nothing });
    samples.length = 0;
    const halfLoad = knee / 2;
    await runAtRate(halfLoad, target.durationMs, send);
    const { p50, p99, count } = summarise(samples);
    const at = `at ${Math.round(halfLoad)} messages/s, ${count} samples`;
    const figures = [
      { name: `send→deliver p50 ${at}`, value: p50, unit: 'ms', target: 'none', isMet: true },
      {
        name: `send→deliver p99 ${at}`,
        value: p99,
        unit: 'ms',
        target: `≤ ${p99MaxMs} ms`,
        isMet: p99 <= p99MaxMs,
      },
    ];
    return { figures, halfLoad };
  } finally {
    for (const client of clients) client.close();
  }
}
