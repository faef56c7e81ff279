// The bench of a cluster: every service in two processes over engines that run already, one load after the other, and
// CPU of all of them told apart.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClusterMember, ClusterProcesses, localEngineSettings } from '@parley/testkit';
import { type NamedProcess, totalSeconds, watchCpu } from '../measure/cpu-split.js';
import { findEngineProcesses } from '../measure/engine-processes.js';
import { type ClusterReport, createReport } from '../report/report.js';
import { type Figure, type LoadTarget, type Relay, startRelay } from '../scenarios/bench-target.js';
import { measureLatency } from '../scenarios/latency.js';
import { type MessageCost, measureMessages, measureRelay } from '../scenarios/message-cost.js';
import { measurePauses } from './pauses.js';

export interface ClusterBenchOptions {
  /** The server's executable and arguments, without a target. */
  readonly command: readonly [string, ...string[]];
  readonly durationMs: number;
  /** Where `make engines-up` notes its processes. */
  readonly enginesDir: string;
  readonly onProgress: (line: string) => void;
}

const APP_ID = 1_400_000_001;
const APP_KEY = '0123456789abcdef'.repeat(4);
/** Always the same: what the bench leaves in the engines does not grow with every run. */
const RUN = 'parleybench';
const REPLICAS = { auth: 2, message: 2, 'rest-api': 2, 'access-gateway': 2 };
const IN_FLIGHT_PER_CLIENT = 1;
const PER_CPU_SECOND_MIN = 1_000;
const P99_MAX_MS = 50;
/** Engines on Java become twice as fast while they warm up. */
const WARM_UP_MS_MIN = 5_000;
/** A death is noticed within the sessions' time; a pause that is longer than the measurement would not be seen. */
const PAUSE_MS_MIN = 4_000;

/** Starts the cluster and measures. @throws Error when the engines cannot be found or the cluster does not start. */
export async function runClusterBench(options: ClusterBenchOptions): Promise<ClusterReport> {
  const startedAt = new Date();
  const engines = findEngineProcesses(options.enginesDir);
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const relay = await startRelay();
  const cluster = await createCluster(options, dataDir);
  try {
    options.onProgress('the cluster starts …');
    await cluster.start();
    return await measureAll({ options, engines, relay, cluster, startedAt });
  } finally {
    await relay.stop();
    await cluster.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const createCluster = ({ command }: ClusterBenchOptions, dataDir: string): Promise<ClusterProcesses> =>
  ClusterProcesses.create({
    command,
    dataDir,
    env: {
      ...localEngineSettings(RUN),
      PARLEY_BOOTSTRAP_APP_ID: String(APP_ID),
      PARLEY_BOOTSTRAP_APP_KEY: APP_KEY,
      PARLEY_LOG_LEVEL: 'warn',
    },
    replicas: REPLICAS,
    readyTimeoutMs: 60_000,
  });

interface Bench {
  readonly options: ClusterBenchOptions;
  readonly engines: readonly NamedProcess[];
  readonly relay: Relay;
  readonly cluster: ClusterProcesses;
  readonly startedAt: Date;
}

async function measureAll(bench: Bench): Promise<ClusterReport> {
  const { options, engines, relay, cluster } = bench;
  const { durationMs, onProgress } = options;
  const target: LoadTarget = {
    gatewayUrls: cluster.of('access-gateway').map(({ process }) => process.addresses.gatewayUrl),
    sdkAppId: APP_ID,
    appKey: APP_KEY,
    durationMs,
  };
  const processes = [...cluster.members.map(toNamed), ...engines];
  onProgress('[1/5] nothing: what all of it costs without load …');
  const read = watchCpu(processes);
  await pause(Math.min(durationMs, WARM_UP_MS_MIN));
  const idle = totalSeconds(read()) / (Math.min(durationMs, WARM_UP_MS_MIN) / 1_000);
  onProgress('[2/5] durable messages …');
  const yardstick = await measureRelay(relay, durationMs, IN_FLIGHT_PER_CLIENT);
  const warmUpMs = Math.min(2 * durationMs, Math.max(WARM_UP_MS_MIN, durationMs / 4));
  const load = { processes, inFlightPerClient: IN_FLIGHT_PER_CLIENT, warmUpMs, isWhole: true };
  const cost = await measureMessages(target, load);
  onProgress('[3/5] latency at half load …');
  const { figures: latency, halfLoad } = await measureLatency(target, {
    p99MaxMs: P99_MAX_MS,
    isWhole: true,
  });
  const pauses: Figure[] = [];
  for (const [at, disturbance] of disturbances(cluster).entries()) {
    onProgress(`[${4 + at}/5] ${disturbance.name} …`);
    const pausesMs = Math.max(durationMs, PAUSE_MS_MIN);
    pauses.push(
      ...(await measurePauses(target, { ...disturbance, perSecond: halfLoad / 2, durationMs: pausesMs })),
    );
  }
  const figures = [
    ...costFigures(cost, yardstick),
    refusalFigure(cost.refusals),
    idleFigure(idle),
    ...latency,
    ...pauses,
  ];
  const cpuSplit = cost.shares.map(({ name, seconds }) => ({
    name,
    microsPerMessage: (seconds / cost.messages) * 1e6,
  }));
  return { ...createReport(bench.startedAt, durationMs, figures), cpuSplit };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const toNamed = ({ name, process }: ClusterMember): NamedProcess => ({ name, pid: process.pid });

/** Both end with all processes running. */
function disturbances(cluster: ClusterProcesses): { name: string; disturb: () => Promise<void> }[] {
  const victim = cluster.of('message').at(-1)?.process;
  return [
    {
      name: 'failover (kill -9 of a message process)',
      disturb: async () => {
        await victim?.kill();
        await victim?.start();
      },
    },
    {
      name: 'rebalance (a message process stops in order and starts)',
      disturb: async () => {
        await victim?.stop();
        await victim?.start();
      },
    },
  ];
}

function costFigures(cost: MessageCost, yardstick: MessageCost): Figure[] {
  const perCpuSecond = 1e6 / cost.microsPerMessage;
  return [
    {
      name: 'durable one-to-one messages, all processes and engines',
      value: perCpuSecond,
      unit: 'per CPU-second',
      yardstick: 1e6 / yardstick.microsPerMessage,
      target: `≥ ${PER_CPU_SECOND_MIN}`,
      isMet: perCpuSecond >= PER_CPU_SECOND_MIN,
    },
    {
      name: 'the same',
      value: cost.microsPerMessage,
      unit: 'µs CPU',
      yardstick: yardstick.microsPerMessage,
      target: `≤ ${1e6 / PER_CPU_SECOND_MIN} µs`,
      isMet: perCpuSecond >= PER_CPU_SECOND_MIN,
    },
    {
      name: 'durable one-to-one messages, closed loop',
      value: cost.perSecond,
      unit: 'messages/s',
      yardstick: yardstick.perSecond,
      target: 'none; beside the relay',
      isMet: true,
    },
  ];
}

const idleFigure = (share: number): Figure => ({
  name: 'all processes and engines without load',
  value: share * 1_000,
  unit: 'ms CPU per second',
  target: 'none',
  isMet: true,
});

const refusalFigure = (refusals: number): Figure => ({
  name: 'sends that were refused and sent again, warm-up included',
  value: refusals,
  unit: '',
  target: 'none',
  isMet: true,
});
