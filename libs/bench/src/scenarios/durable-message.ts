// A durable one-to-one message: send, fsync, ack, delivery, history, heads,
// beside a relay that does nothing but pass the same bytes on.

import { startClosedLoop } from '../load/closed-loop.js';
import { RelayClient } from '../load/relay-client.js';
import { cpuSecondsOf } from '../measure/process-cost.js';
import {
  type BenchTarget,
  connectUsers,
  type Figure,
  partnerOf,
  type Relay,
  textBody,
  userIdOf,
} from './bench-target.js';

const CLIENTS = 500;
const IN_FLIGHT_PER_CLIENT = 2;
const RATIO_MAX = 2.5;
const WARM_UP_SHARE = 0.25;

interface Cost {
  readonly microsPerMessage: number;
  readonly perSecond: number;
}

async function measure(
  pid: number,
  durationMs: number,
  sendNext: (lane: number) => Promise<unknown>,
): Promise<Cost> {
  const loop = startClosedLoop(CLIENTS * IN_FLIGHT_PER_CLIENT, sendNext);
  await new Promise((resolve) => setTimeout(resolve, durationMs * WARM_UP_SHARE));
  const [cpu, done, at] = [cpuSecondsOf(pid), loop.done(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  const messages = loop.done() - done;
  const cost = {
    microsPerMessage: ((cpuSecondsOf(pid) - cpu) / messages) * 1e6,
    perSecond: messages / ((performance.now() - at) / 1000),
  };
  await loop.stop();
  return cost;
}

async function measureServer(target: BenchTarget): Promise<Cost> {
  const clients = await connectUsers(target, CLIENTS);
  const body = textBody();
  let sent = 0;
  const run = Date.now().toString(36);
  try {
    return await measure(target.serverPid, target.durationMs, (lane) => {
      const index = lane % CLIENTS;
      sent += 1;
      return clients[index]?.send(userIdOf(partnerOf(index)), `${run}-${sent}`, body) ?? Promise.resolve();
    });
  } finally {
    for (const client of clients) client.close();
  }
}

async function measureRelay(relay: Relay, durationMs: number): Promise<Cost> {
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, (_, i) => RelayClient.connect(relay.url, i, () => undefined)),
  );
  const body = textBody();
  try {
    return await measure(relay.pid, durationMs, (lane) => {
      const index = lane % CLIENTS;
      return clients[index]?.send(partnerOf(index), body) ?? Promise.resolve();
    });
  } finally {
    for (const client of clients) client.close();
  }
}

export async function benchDurableMessage(target: BenchTarget, relay: Relay): Promise<Figure[]> {
  const yardstick = await measureRelay(relay, target.durationMs);
  const server = await measureServer(target);
  const ratio = server.microsPerMessage / yardstick.microsPerMessage;
  return [
    {
      name: 'durable one-to-one message',
      value: server.microsPerMessage,
      unit: 'µs server CPU',
      yardstick: yardstick.microsPerMessage,
      target: `≤ ${RATIO_MAX}× the bare relay`,
      isMet: ratio <= RATIO_MAX,
    },
    {
      name: 'durable one-to-one messages, closed loop',
      value: server.perSecond,
      unit: 'messages/s',
      yardstick: yardstick.perSecond,
      target: 'none; beside the relay',
      isMet: true,
    },
  ];
}
