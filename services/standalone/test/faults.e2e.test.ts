// The hard promise: 50 clients chat, in groups too, through proxies that cut connections and
// swallow acks, the server is killed ten times, and the checker finds nothing.
import { type CheckReport, checkHistory, runChat } from '@parley/bench';
import { seededRandom, TcpProxy } from '@parley/testkit';
import {
  APP_KEY,
  BUSY_GROUP,
  BUSY_GROUPS,
  createApp,
  type RunningServer,
  startServer,
} from './harness/world-on-server.js';

const APP_ID = 1_400_000_099;
const USERS = 25;
const DEVICES_PER_USER = 2;
const GROUPS = 3;
const KILLS = 10;
const SEED = Number(process.env.PARLEY_FAULT_SEED ?? Date.now() % 1_000_000);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Cuts some links, and lets others swallow what the server says before they are cut. */
async function misbehave(
  proxies: readonly TcpProxy[],
  random: () => number,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    await pause(random() * 150);
    const proxy = proxies[Math.floor(random() * proxies.length)];
    if (random() < 0.5) proxy?.cut();
    else {
      proxy?.dropServerBytesAfter(Math.floor(random() * 200));
      await pause(random() * 100);
      proxy?.cut();
    }
  }
}

async function killTenTimes(running: RunningServer, random: () => number): Promise<void> {
  for (let kill = 0; kill < KILLS; kill += 1) {
    await pause(800 + random() * 1_500);
    await running.server.kill();
    await running.server.start();
  }
  await pause(1_500);
}

describe('standalone under faults', () => {
  let running: RunningServer;
  let proxies: TcpProxy[];
  beforeAll(async () => {
    running = await startServer({ PARLEY_LOG_LEVEL: 'warn', ...BUSY_GROUPS });
    await createApp(running, APP_ID, { loginPolicy: 'LOGIN_POLICY_MULTI', webInstancesMax: 10 });
    const { gatewayPort } = running.server.addresses;
    proxies = await Promise.all(
      Array.from({ length: USERS * DEVICES_PER_USER }, () => TcpProxy.start(gatewayPort)),
    );
  });
  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await running.close();
  });

  it(`keeps I1-I9 over ${KILLS} kills (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    let isOver = false;
    let faults = Promise.resolve();
    const until = () => {
      faults = misbehave(proxies, random, () => isOver);
      return killTenTimes(running, random).finally(() => {
        isOver = true;
      });
    };
    const history = await runChat({
      sdkAppId: APP_ID,
      appKey: APP_KEY,
      users: USERS,
      devicesPerUser: DEVICES_PER_USER,
      groups: { count: GROUPS, type: BUSY_GROUP },
      gatewayUrlOf: (device) => `ws://127.0.0.1:${proxies[device]?.port}/v1/ws`,
      storeUrl: running.server.addresses.gatewayUrl,
      random,
      until,
      quietWithinMs: 60_000,
    });
    await faults;
    const report: CheckReport = checkHistory(history);
    console.info(JSON.stringify({ ...report, violations: report.violations.length }));
    expect(report.violations.slice(0, 10)).toEqual([]);
    expect(report.acked).toBeGreaterThan(500);
    expect(Object.values(report.judged).every((count) => count > 0)).toBe(true);
  }, 240_000);
});
