// How long the cluster holds its breath when a message process dies or is replaced: under load, for senders and for
// somebody who reads what was acknowledged.
import { fromBinary } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';
import { userTarget } from '../load/chat-target.js';
import { runAtRate } from '../load/closed-loop.js';
import { PatientSender } from '../load/patient-sender.js';
import type { RawClient } from '../load/raw-client.js';
import {
  connectUsers,
  type Figure,
  type LoadTarget,
  partnerOf,
  textBody,
  userIdOf,
} from '../scenarios/bench-target.js';

const CLIENTS = 100;
const RETRY_PAUSE_MS = 50;
/** Longer than any answer may take. */
const READ_WITHIN_MS = 60_000;
const PROBE_PAUSE_MS = 50;
const BODY = textBody();

export interface Disturbance {
  /** For the report, e.g. "failover". */
  readonly name: string;
  /** Messages per second meanwhile. */
  readonly perSecond: number;
  readonly durationMs: number;
  /** Hurts the cluster; called once the load runs. Whatever it leaves undone is undone when it resolves. */
  readonly disturb: () => Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What the longest of several times was. */
class Longest {
  ms = 0;

  note(ms: number): void {
    this.ms = Math.max(this.ms, ms);
  }
}

/** @throws Error when a send is not acknowledged within a minute of retries, or the disturbance fails. */
export async function measurePauses(target: LoadTarget, disturbance: Disturbance): Promise<Figure[]> {
  const clients = await connectUsers(target, CLIENTS);
  const [gap, wait, unread] = [new Longest(), new Longest(), new Longest()];
  const run = `${disturbance.name}-${Date.now().toString(36)}`;
  let lastAckMs = performance.now();
  let isOver = false;
  const send = async (index: number): Promise<void> => {
    const sentMs = performance.now();
    const client = clients[index % CLIENTS];
    if (client) await sendTo(client, index % CLIENTS, `${run}-${index}`);
    const nowMs = performance.now();
    gap.note(nowMs - lastAckMs);
    wait.note(nowMs - sentMs);
    lastAckMs = nowMs;
  };
  try {
    const load = runAtRate(disturbance.perSecond, disturbance.durationMs, send).finally(() => {
      isOver = true;
    });
    await Promise.all([
      load,
      pause(disturbance.durationMs / 4).then(disturbance.disturb),
      readBehind(clients, `${run}-probe`, { unread, isOver: () => isOver }),
    ]);
  } finally {
    for (const client of clients) client.close();
  }
  const at = `${disturbance.name} at ${Math.round(disturbance.perSecond)} messages/s`;
  return [
    { name: `${at}: longest gap of acks`, value: gap.ms, ...MEASURED },
    { name: `${at}: longest wait for one ack, retries included`, value: wait.ms, ...MEASURED },
    { name: `${at}: longest wait to read what was acknowledged`, value: unread.ms, ...MEASURED },
  ];
}

const MEASURED = { unit: 'ms', target: 'none', isMet: true } as const;

/** Answers the number that the message got. */
async function sendTo(client: RawClient, index: number, clientMessageId: string): Promise<bigint> {
  const message = { to: userIdOf(partnerOf(index)), clientMessageId, body: BODY };
  const response = await new PatientSender().send(client, message);
  return fromBinary(messagev1.SendResponseSchema, response).seq;
}

/** Sends a message now and then and reads the conversation until it is there. */
async function readBehind(
  clients: readonly RawClient[],
  run: string,
  { unread, isOver }: { readonly unread: Longest; readonly isOver: () => boolean },
): Promise<void> {
  // Every pair in turn, so that every partition of the log is looked at.
  for (let count = 0; !isOver(); count += 1) {
    const index = count % CLIENTS;
    const client = clients[index];
    if (!client) return;
    const seq = await sendTo(client, index, `${run}-${count}`);
    const ackedMs = performance.now();
    while (!(await isThere(client, userIdOf(partnerOf(index)), seq))) {
      if (performance.now() - ackedMs > READ_WITHIN_MS) {
        throw new Error('a message that was acknowledged cannot be read');
      }
      await pause(RETRY_PAUSE_MS);
    }
    unread.note(performance.now() - ackedMs);
    await pause(PROBE_PAUSE_MS);
  }
}

async function isThere(client: RawClient, peer: string, seq: bigint): Promise<boolean> {
  // A read that is refused is repeated like one that does not see the message yet.
  const page = await client.listMessages(userTarget(peer), 1, seq + 1n).catch(() => undefined);
  return page?.messages[0]?.seq === seq;
}
