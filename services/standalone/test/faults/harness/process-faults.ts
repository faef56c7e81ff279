// What happens to processes and to the answers on their way, in the scenarios of this suite and in the
// checks that the suite notices a missing rule.
import { readFileSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { RawClient, userTarget } from '@parley/bench';
import { messagev1 } from '@parley/proto';
import { type ClusterMember, TcpProxy, waitFor } from '@parley/testkit';
import { sigFor } from '../../harness/world-on-server.js';
import type { Stage } from './under-load.js';

/** A moment without a process, as its supervisor needs to notice. */
const GONE_MS = 2_000;
const FROZEN_MS = 15_000;

async function killAndRestart({ process }: ClusterMember, { pause }: Stage): Promise<void> {
  await process.kill();
  await pause(GONE_MS);
  await process.start();
}

export async function killEachReplica(stage: Stage): Promise<void> {
  for (const member of stage.cluster.members) {
    await stage.phase(member.name, () => killAndRestart(member, stage));
  }
}

/** kill -9 of one process of each of the services, one after the other. */
export async function killOneOf(stage: Stage, services: readonly string[]): Promise<void> {
  for (const service of services) {
    const [member] = stage.cluster.of(service);
    if (member !== undefined) await stage.phase(member.name, () => killAndRestart(member, stage));
  }
}

export async function killAll({ cluster, phase, pause }: Stage): Promise<void> {
  for (const time of ['first', 'second']) {
    await phase(`${time} time`, async () => {
      await cluster.kill();
      await pause(GONE_MS);
      await cluster.start();
    });
  }
}

/** Both message processes at once. `onceDead` is called before they are started again. */
export async function killWriters(
  { cluster, phase, pause }: Stage,
  name: string,
  onceDead: () => void,
): Promise<void> {
  const writers = cluster.of('message');
  await phase(name, async () => {
    await Promise.all(writers.map(({ process }) => process.kill()));
    onceDead();
    await pause(GONE_MS);
    await Promise.all(writers.map(({ process }) => process.start()));
  });
}

/**
 * Kills both message processes as the last thing that happens: no later message shows a device that it missed one.
 * Resolves at once, so that the chat ends; they start again meanwhile, and `restarted` says when.
 */
export async function killWritersAtTheEnd(stage: Stage): Promise<{ restarted: Promise<unknown> }> {
  const writers = stage.cluster.of('message');
  await stage.pause(stage.random() * 2_000);
  await Promise.all(writers.map(({ process }) => process.kill()));
  return { restarted: Promise.all(writers.map(({ process }) => process.start())) };
}

/** Message processes stand still (SIGSTOP) for 15 s: each once at any moment, and once between numbering and append. */
export async function freezeWriters(stage: Stage): Promise<void> {
  const { cluster, phase, pause, random } = stage;
  for (const { name, process: server } of cluster.of('message')) {
    await pause(random() * 1_000);
    await phase(`${name}, any moment`, async () => {
      server.freeze();
      await pause(FROZEN_MS);
      server.thaw();
    });
    await phase(`${name}, before append`, async () => {
      process.kill(server.pid, 'SIGUSR2');
      await waitFor(() => isStopped(server.pid), { what: 'the process to stop itself', timeoutMs: 20_000 });
      await pause(FROZEN_MS);
      server.thaw();
    });
  }
}

/** The process state of Linux: stopped by a signal. */
const isStopped = (pid: number): boolean => /^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

/** Lines in which the history writer says that it dropped a record that came too late. */
export const lateRecordsDropped = ({ cluster }: Stage): number =>
  cluster
    .of('message')
    .flatMap(({ process }) => process.log.split('\n'))
    .filter((line) => line.includes('"event":"late record dropped"')).length;

const LOST_FOR_MS = 1_000;

/** A third of the devices lose their acks for a second and come back at the other gateway, `rounds` times. */
export async function loseAcks(stage: Stage, rounds: number): Promise<void> {
  const { cluster, proxies, phase, pause, random } = stage;
  const ports = cluster.of('access-gateway').map(({ process }) => process.addresses.gatewayPort);
  for (let round = 1; round <= rounds; round += 1) {
    const hit = proxies.filter(() => random() < 1 / 3);
    await phase(`acks lost ${round}`, async () => {
      for (const proxy of hit) proxy.dropServerBytesAfter(0);
      await pause(LOST_FOR_MS);
      for (const proxy of hit) {
        proxy.prefer(ports.find((port) => port !== proxy.target) ?? proxy.target);
        proxy.cut();
      }
    });
  }
}

export interface RetriedSend {
  /** Numbers of the stored messages with the id; one is right. */
  readonly stored: readonly bigint[];
  readonly answered: bigint;
  readonly isDuplicate: boolean;
}

/**
 * A message whose ack is swallowed, sent again by the same user through the other gateway after `afterMs`: what
 * the second answer said, and what is stored in the end.
 */
export async function retryElsewhere(stage: Stage, afterMs: number): Promise<RetriedSend> {
  const sdkAppId = stage.appId;
  const [one, other] = stage.cluster.of('access-gateway').map(({ process }) => process.addresses);
  if (one === undefined || other === undefined) throw new Error('there must be two gateways');
  const [from, to] = [`from-${afterMs}`, `to-${afterMs}`];
  const connect = (gatewayUrl: string, userId: string) =>
    RawClient.connect({ gatewayUrl, sdkAppId, userId, userSig: sigFor(userId, sdkAppId) });
  (await connect(other.gatewayUrl, to)).close();
  const proxy = await TcpProxy.start(one.gatewayPort);
  const body = new TextEncoder().encode(
    JSON.stringify([{ MsgType: 'TIMTextElem', MsgContent: { Text: 'once' } }]),
  );
  const first = await connect(`ws://127.0.0.1:${proxy.port}/v1/ws`, from);
  proxy.dropServerBytesAfter(0);
  const startedAtMs = performance.now();
  const lost = first.send(to, 'the-message', body).catch(() => undefined);
  await stage.pause(afterMs);
  await proxy.close();
  await lost;
  const second = await connect(other.gatewayUrl, from);
  const again = { attempt: 1, firstAttemptAgeMs: Math.ceil(performance.now() - startedAtMs) };
  const answer = fromBinary(messagev1.SendResponseSchema, await second.send(to, 'the-message', body, again));
  const { messages } = await second.listMessages(userTarget(to), 100);
  second.close();
  const stored = messages.filter(({ clientMessageId }) => clientMessageId === 'the-message');
  return { stored: stored.map(({ seq }) => seq), answered: answer.seq, isDuplicate: answer.duplicate };
}
