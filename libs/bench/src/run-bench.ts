// One run: the server and the yardstick as processes of their own, one scenario after the other.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '@parley/testkit';
import { INSPECTOR_FLAG, ServerHeap } from './measure/server-heap.js';
import { type BenchReport, createReport } from './report/report.js';
import {
  BENCH_GROUP_TYPES,
  type BenchTarget,
  type Figure,
  type Relay,
  startRelay,
} from './scenarios/bench-target.js';
import { benchCommunity } from './scenarios/community.js';
import { benchIdleConnection, benchLogin, benchResume } from './scenarios/connections.js';
import { benchDurableMessage } from './scenarios/durable-message.js';
import { benchHistoryPage } from './scenarios/history-page.js';
import { benchHotGroup } from './scenarios/hot-group.js';
import { benchLatency } from './scenarios/latency.js';
import { benchLiveJoin, LIVE_JOIN_SETTINGS } from './scenarios/live-join.js';
import { benchRestReads, REST_SETTINGS } from './scenarios/rest-reads.js';
import { benchLargeRoom, benchRoom } from './scenarios/room.js';
import { ONE_SENDER_SETTINGS } from './scenarios/room-load.js';
import { benchSlowReader } from './scenarios/slow-reader.js';

export interface BenchOptions {
  /** How node starts the server: its executable, and then flags of node or arguments. */
  readonly command: readonly [string, ...string[]];
  readonly durationMs: number;
  /** Names of scenarios; when absent, all but those that take minutes to prepare. */
  readonly only?: readonly string[];
  readonly onProgress: (line: string) => void;
}
interface Scenario {
  readonly run: (target: BenchTarget, relay: Relay) => Promise<Figure[]>;
  /** Of its server, beside those of every server. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Takes minutes to prepare: it is run only when it is asked for. */
  readonly isLong?: true;
}

/** Every scenario by the name it is asked for. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  message: { run: benchDurableMessage },
  latency: { run: benchLatency },
  history: { run: benchHistoryPage },
  login: { run: benchLogin },
  resume: { run: benchResume },
  idle: { run: benchIdleConnection },
  room: { run: benchRoom, settings: ONE_SENDER_SETTINGS },
  'room-large': { run: benchLargeRoom, settings: ONE_SENDER_SETTINGS, isLong: true },
  'rest-reads': { run: benchRestReads, settings: REST_SETTINGS },
  'hot-group': { run: benchHotGroup },
  'slow-reader': { run: benchSlowReader, settings: ONE_SENDER_SETTINGS, isLong: true },
  community: { run: benchCommunity, settings: REST_SETTINGS, isLong: true },
  'live-join': { run: benchLiveJoin, settings: LIVE_JOIN_SETTINGS, isLong: true },
};

export const scenarioNames: readonly string[] = Object.keys(scenarios);

const APP_ID = 1_400_000_001;
const APP_KEY = '0123456789abcdef'.repeat(4);

/** Runs the scenarios, each against a fresh server, and reports. @throws Error on an unknown name or when the server fails. */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const names = options.only ?? scenarioNames.filter((name) => !scenarios[name]?.isLong);
  const startedAt = new Date();
  const figures: Figure[] = [];
  for (const [index, name] of names.entries()) {
    const scenario = scenarios[name];
    if (!scenario) throw new Error(`no scenario "${name}"; there are: ${scenarioNames.join(', ')}`);
    options.onProgress(`[${index + 1}/${names.length}] ${name} …`);
    figures.push(...(await runScenario(scenario, options)));
  }
  return createReport(startedAt, options.durationMs, figures);
}

async function runScenario(scenario: Scenario, options: BenchOptions): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const heap = new ServerHeap();
  const [executable, ...args] = options.command;
  const server = await ServerProcess.create({
    command: [executable, INSPECTOR_FLAG, ...args],
    dataDir,
    onLine: (line) => heap.hear(line),
    env: {
      PARLEY_BOOTSTRAP_APP_ID: String(APP_ID),
      PARLEY_BOOTSTRAP_APP_KEY: APP_KEY,
      PARLEY_LOG_LEVEL: 'warn',
      PARLEY_GROUP_TYPES: BENCH_GROUP_TYPES,
      // The clients of the bench do not ping: what is measured is what they were made for.
      PARLEY_GATEWAY_IDLE_LIMIT_MS: '3600000',
      ...scenario.settings,
    },
  });
  const relay = await startRelay();
  try {
    await server.start();
    const { gatewayUrl, restUrl } = server.addresses;
    const target = {
      gatewayUrls: [gatewayUrl],
      restUrl,
      serverPid: server.pid,
      sdkAppId: APP_ID,
      appKey: APP_KEY,
      durationMs: options.durationMs,
      onProgress: options.onProgress,
      heapBytes: () => heap.bytes(server.pid),
    };
    return await scenario.run(target, relay);
  } finally {
    heap.close();
    await relay.stop();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
