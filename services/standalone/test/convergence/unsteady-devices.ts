// Devices whose links are cut again and again while their users act, all from one seed.
import { seededRandom, TcpProxy } from '@parley/testkit';
import { createApp, type RunningServer, sigFor, startServer } from '../harness/world-on-server.js';
import { type Device, device, type Json, type World } from '../scenarios/world.js';

export interface UnsteadyOptions {
  readonly appId: number;
  readonly seed: number;
  /** One entry for each device. */
  readonly users: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What became of calls: how many were answered with which code. 0 is success. */
export type Codes = Map<number, number>;

/** One who acts: a device, or a back end. Answers when the act is over; refusals are no failures. */
export type Act = () => Promise<unknown>;

/** Rarely enough that devices do not learn to wait long before they come back. */
const CUT_EVERY_MS = 1_500;
/** A code of the SDK, not of the server: whether the call has taken effect nobody knows. */
const SDK_CODE_MAX = 10_000;

export const isUnknownOutcome = (code: number): boolean => code > 0 && code < SDK_CODE_MAX;

export class UnsteadyDevices {
  readonly codes: Codes = new Map();
  readonly random: () => number;

  private constructor(
    readonly running: RunningServer,
    readonly world: World,
    readonly devices: readonly Device[],
    private readonly proxies: readonly TcpProxy[],
    seed: number,
  ) {
    this.random = seededRandom(seed);
  }

  static async start({ appId, seed, users, env = {} }: UnsteadyOptions): Promise<UnsteadyDevices> {
    const running = await startServer({ PARLEY_LOG_LEVEL: 'warn', ...env });
    await createApp(running, appId, { loginPolicy: 'LOGIN_POLICY_MULTI', webInstancesMax: 10 });
    const { restUrl, gatewayPort } = running.server.addresses;
    const proxies = await Promise.all(users.map(() => TcpProxy.start(gatewayPort)));
    const named = new Set(['administrator', ...users]);
    const world: World = {
      restUrl,
      gatewayUrls: [],
      sdkAppId: appId,
      admin: 'administrator',
      userSigs: Object.fromEntries([...named].map((user) => [user, sigFor(user, appId)])),
      run: String(seed),
    };
    const devices: Device[] = [];
    for (const [index, user] of users.entries()) {
      const gatewayUrls = [`ws://127.0.0.1:${proxies[index]?.port}/v1/ws`];
      devices.push(await device({ ...world, gatewayUrls }, user));
    }
    return new UnsteadyDevices(running, world, devices, proxies, seed);
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  /** The code of a call, which is counted. @throws what is no refusal. */
  async codeOf(call: Promise<unknown>): Promise<number> {
    const code = await call.then(
      () => 0,
      (thrown: Json) => {
        if (typeof thrown?.code !== 'number') throw thrown;
        return thrown.code as number;
      },
    );
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
    return code;
  }

  /** Every actor makes its acts one after another, all actors at once, while links are cut. */
  async disturbedly(actors: readonly { readonly acts: number; readonly act: Act }[]): Promise<void> {
    let isOver = false;
    const acting = Promise.all(
      actors.map(async ({ acts, act }) => {
        for (let count = 0; count < acts; count += 1) await act();
      }),
    ).finally(() => {
      isOver = true;
    });
    const cutting = async () => {
      while (!isOver) {
        await new Promise((resolve) => setTimeout(resolve, this.random() * CUT_EVERY_MS));
        const proxy = this.pick(this.proxies);
        if (this.random() < 0.5) proxy.dropServerBytesAfter(Math.floor(this.random() * 200));
        else proxy.cut();
      }
      // Who lost only answers would wait for its heartbeat.
      for (const proxy of this.proxies) proxy.cut();
    };
    await Promise.all([acting, cutting()]);
  }

  async close(): Promise<void> {
    await Promise.all(this.devices.map((one) => one.logout()));
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
    await this.running.close();
  }
}
