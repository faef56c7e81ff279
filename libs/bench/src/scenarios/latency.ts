// Send to deliver at half of the load that the server can take.
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

async function findKnee(send: (index: number) => Promise<unknown>, durationMs: number): Promise<number> {
  const loop = startClosedLoop(CLIENTS, (lane) => send(lane));
  await new Promise((resolve) => setTimeout(resolve, durationMs / 4));
  const [done, at] = [loop.done(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, durationMs / 2));
  const perSecond = (loop.done() - done) / ((performance.now() - at) / 1000);
  await loop.stop();
  return perSecond;
}

export const benchLatency = (target: BenchTarget): Promise<Figure[]> =>
  measureLatency(target, P99_MAX_MS).then(({ figures }) => figures);

/** Answers the rate, too, at which it measured: half of what the server can take. */
export async function measureLatency(
  target: LoadTarget,
  p99MaxMs: number,
): Promise<{ readonly figures: Figure[]; readonly halfLoad: number }> {
  const sentAt = new Map<string, number>();
  const samples: number[] = [];
  const clients = await connectUsers(target, CLIENTS, () => (push) => {
    const id = messageOf(push)?.clientMessageId ?? '';
    const at = sentAt.get(id);
    if (at !== undefined) samples.push(performance.now() - at);
    sentAt.delete(id);
  });
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
    const knee = await findKnee(send, target.durationMs);
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
