// A cluster, a chat of many devices on it, and somebody who breaks things meanwhile; in the end the checker.
import { type CheckReport, checkHistory, type HistoryEvent, HistoryRecorder, runChat } from '@parley/bench';
import { type ClusterProcesses, seededRandom, TcpProxy } from '@parley/testkit';
import { APP_KEY, BUSY_GROUP } from '../../harness/world-on-server.js';
import { isWell, judgePhases, type Phase } from './error-window.js';
import { type FaultCluster, startFaultCluster } from './fault-cluster.js';
import { type FaultReport, recordResult, requireListed } from './fault-results.js';
import { type Patch, patchSettings, requirePatched } from './patches.js';

/** Where a fault is made. */
export interface Stage {
  readonly cluster: ClusterProcesses;
  readonly appId: number;
  /** Seeded; the seed is in the report, and PARLEY_FAULT_SEED repeats it. */
  readonly random: () => number;
  /** The network between the devices and the gateways, one proxy for each device. */
  readonly proxies: readonly TcpProxy[];
  /**
   * One fault with its repair, measured on its own: `work` begins with the fault and resolves when what was broken
   * is put right. Returns when the chat has been well for a moment, or WELL_WITHIN_MS later: then the report shows it.
   */
  phase<T>(name: string, work: () => Promise<T>): Promise<T>;
  pause(ms: number): Promise<void>;
}

export interface UnderLoadOptions {
  /** As in scenarios.json, unless it is not recorded. */
  readonly name: string;
  /** Whether the report goes into the results of `make faults`; default true. */
  readonly isRecorded?: boolean;
  /** Settings of all processes: addresses of engines of its own, for instance. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default 100. */
  readonly users?: number;
  /** Default 2. */
  readonly devicesPerUser?: number;
  /** Each user is in one of them; default one for ten users. */
  readonly groups?: number;
  /** Of all devices together; default 60, so that the machine is not the bottleneck. */
  readonly sendsPerSecond?: number;
  /** Changes of the servers' built modules. */
  readonly patches?: readonly Patch[];
  /** What they take out of the product, for the report. */
  readonly mutation?: string;
  readonly disturb: (stage: Stage) => Promise<void>;
}

const SEED = Number(process.env.PARLEY_FAULT_SEED ?? Date.now() % 1_000_000);
/** Makes light runs of all scenarios possible while one is written. */
const USERS = Number(process.env.PARLEY_FAULTS_USERS ?? 100);
const WELL_FOR_MS = 3_000;
const WELL_WITHIN_MS = 90_000;
const QUIET_WITHIN_MS = 90_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs one scenario, prints its report as one line and records it. Judging the report is the test's affair. */
export async function underLoad(options: UnderLoadOptions): Promise<FaultReport> {
  const { patches = [], isRecorded = true } = options;
  if (isRecorded) requireListed(options.name);
  const cluster = await startFaultCluster({
    ...(patches.length > 0 && patchSettings(patches)),
    ...options.env,
  });
  let isOver = false;
  try {
    requirePatched(cluster.processes, patches);
    const report = await runOn(cluster, options);
    await cluster.close();
    isOver = true;
    const full: FaultReport = { ...report, errorLines: errorLinesOf(cluster.processes) };
    console.info(JSON.stringify(full));
    if (isRecorded) recordResult(full);
    return full;
  } finally {
    if (!isOver) await cluster.kill();
  }
}

async function runOn(
  cluster: FaultCluster,
  options: UnderLoadOptions,
): Promise<Omit<FaultReport, 'errorLines'>> {
  const { users = USERS, devicesPerUser = 2, sendsPerSecond = 60 } = options;
  const { groups = Math.ceil(users / 10) } = options;
  const clients = users * devicesPerUser;
  const random = seededRandom(SEED);
  const recorder = new HistoryRecorder();
  const phases: Phase[] = [];
  const proxies = await proxiesTo(cluster.processes, clients);
  const stage = createStage({
    cluster: cluster.processes,
    appId: cluster.appId,
    random,
    proxies,
    recorder,
    phases,
  });
  try {
    const history = await runChat({
      sdkAppId: cluster.appId,
      appKey: APP_KEY,
      users,
      devicesPerUser,
      groups: { count: groups, type: BUSY_GROUP },
      gatewayUrlOf: (device) => `ws://127.0.0.1:${proxies[device]?.port}/v1/ws`,
      storeUrl: cluster.processes.of('access-gateway')[0]?.process.addresses.gatewayUrl ?? '',
      // Chance of its own: what the fault draws does not depend on how many messages were sent before.
      random: seededRandom(SEED + 1),
      until: () => disturbWhenWell(options.disturb, stage, recorder),
      pauseMaxMs: (2_000 * clients) / sendsPerSecond,
      quietWithinMs: QUIET_WITHIN_MS,
      recorder,
    });
    const judged = judgePhases(history.events, phases);
    return {
      scenario: options.name,
      ...(options.mutation && { mutation: options.mutation }),
      seed: SEED,
      clients,
      ...summaryOf(checkHistory(history)),
      ...failuresOf(history.events),
      phases: judged,
      errorWindowMs: Math.max(0, ...judged.map(({ errorWindowMs }) => errorWindowMs)),
      recoveryMs: Math.max(0, ...judged.map(({ recoveryMs }) => recoveryMs)),
    };
  } finally {
    await Promise.all(proxies.map((proxy) => proxy.close()));
  }
}

/** Devices are spread over the gateways; whose gateway does not accept goes to the next one. */
function proxiesTo(cluster: ClusterProcesses, clients: number): Promise<TcpProxy[]> {
  const ports = cluster.of('access-gateway').map(({ process }) => process.addresses.gatewayPort);
  return Promise.all(
    Array.from({ length: clients }, (_, device) => {
      const at = device % ports.length;
      const [first = 0, ...others] = [...ports.slice(at), ...ports.slice(0, at)];
      return TcpProxy.start(first, ...others);
    }),
  );
}

interface StageParts extends Pick<Stage, 'cluster' | 'appId' | 'random' | 'proxies'> {
  readonly recorder: HistoryRecorder;
  readonly phases: Phase[];
}

function createStage({ recorder, phases, ...parts }: StageParts): Stage {
  const phase = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const beganAtMs = Date.now();
    const outcome = await work();
    phases.push({ name, beganAtMs, endedAtMs: Date.now() });
    await untilWell(recorder);
    return outcome;
  };
  return { ...parts, phase, pause };
}

async function disturbWhenWell(
  disturb: UnderLoadOptions['disturb'],
  stage: Stage,
  recorder: HistoryRecorder,
): Promise<void> {
  await untilWell(recorder);
  await disturb(stage);
}

/** Also takes care that there was something to be well. */
async function untilWell(recorder: HistoryRecorder): Promise<void> {
  const beganAtMs = Date.now();
  while (Date.now() < beganAtMs + WELL_WITHIN_MS) {
    await pause(500);
    const nowMs = Date.now();
    if (nowMs - beganAtMs >= WELL_FOR_MS && isWell(recorder.events, nowMs, WELL_FOR_MS)) return;
  }
}

function summaryOf({ sent, acked, shown, stored, judged, violations }: CheckReport) {
  const counts: { [name in (typeof violations)[number]['invariant']]?: number } = {};
  for (const { invariant } of violations) counts[invariant] = (counts[invariant] ?? 0) + 1;
  const details = violations.slice(0, 10).map(({ invariant, detail }) => `${invariant} ${detail}`);
  return { sent, acked, shown, stored, judged, violations: counts, details };
}

function failuresOf(events: readonly HistoryEvent[]): Pick<FaultReport, 'failed' | 'failedWith'> {
  const codes = events.flatMap((event) => (event.kind === 'fail' ? event.code : []));
  const failedWith: Record<number, number> = {};
  for (const code of codes) failedWith[code] = (failedWith[code] ?? 0) + 1;
  return { failed: codes.length, failedWith };
}

const errorLinesOf = (cluster: ClusterProcesses): string[] =>
  cluster.members.flatMap(({ name, process }) => process.complaints.map((line) => `${name} ${line}`));
