// What a scenario measures against: a running server, its users, and the yardstick.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createUserSig } from '@parley/usersig';
import { RawClient, type RawClientOptions } from '../load/raw-client.js';

/** Where load goes. */
export interface LoadTarget {
  /** Users take turns: neighbours are on different gateways. */
  readonly gatewayUrls: readonly string[];
  readonly sdkAppId: number;
  readonly appKey: string;
  /** How long each measurement lasts. */
  readonly durationMs: number;
}

/** Only what load needs, which can go to another process. */
export const toLoadTarget = ({ gatewayUrls, sdkAppId, appKey, durationMs }: LoadTarget): LoadTarget => ({
  gatewayUrls,
  sdkAppId,
  appKey,
  durationMs,
});

export interface BenchTarget extends LoadTarget {
  readonly onProgress: (line: string) => void;
  readonly restUrl: string;
  readonly serverPid: number;
  /** What the server's heap holds after a collection. It opens the server's inspector, so CPU is measured before or apart. */
  heapBytes(): Promise<number>;
}

/** One figure of a run, ready for the table. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The figure of the same run that it is set beside: the bare relay's for the same work, or what the name says. */
  readonly yardstick?: number;
  /** What the design asks for, in words. */
  readonly target: string;
  readonly isMet: boolean;
}

export interface Relay {
  readonly url: string;
  /** Answers a request with as many bytes as its path says. */
  readonly httpUrl: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts the yardstick in a process of its own. */
export async function startRelay(): Promise<Relay> {
  const child: ChildProcess = fork(new URL('../relay/relay-process.js', import.meta.url), {
    stdio: 'inherit',
  });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  return {
    url: `ws://127.0.0.1:${message.port}`,
    httpUrl: `http://127.0.0.1:${message.port}`,
    pid: child.pid ?? 0,
    stop: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** A group type of the bench's own: everybody may join, nobody is told, and no rate holds messages back. */
export const BENCH_GROUP_TYPE = 'Bench';
/** A community without a rate. */
export const BENCH_COMMUNITY_TYPE = 'BenchCommunity';
export const BENCH_GROUP_TYPES = JSON.stringify([
  { name: BENCH_GROUP_TYPE, base: 'ChatRoom', rateMax: 100_000 },
  { name: BENCH_COMMUNITY_TYPE, base: 'Community', rateMax: 100_000 },
]);

export const userIdOf = (index: number): string => `bench-${index}`;

export function userSigOf(target: LoadTarget, userId: string): string {
  return createUserSig({ sdkAppId: target.sdkAppId, userId, key: target.appKey, expireSeconds: 86_400 });
}

export interface ConnectOptions {
  /** The first user's number; default 0. */
  readonly first?: number;
  readonly onPush?: (index: number) => RawClientOptions['onPush'];
  /** Who comes back, in the order of the users: the UserSig is left out, so that nothing else lets them in. */
  readonly former?: readonly RawClient[];
  /** Called with how many more are in. */
  readonly onConnected?: (count: number) => void;
}

/** Logs `count` users in, a few at a time. */
export async function connectUsers(
  target: LoadTarget,
  count: number,
  { first = 0, onPush, former, onConnected }: ConnectOptions = {},
): Promise<RawClient[]> {
  const clients: RawClient[] = [];
  const AT_ONCE = 20;
  for (let next = first; next < first + count; next += AT_ONCE) {
    const group = Array.from({ length: Math.min(AT_ONCE, first + count - next) }, (_, i) => {
      const userId = userIdOf(next + i);
      const push = onPush?.(next + i);
      return RawClient.connect({
        gatewayUrl: target.gatewayUrls[(next + i) % target.gatewayUrls.length] ?? '',
        sdkAppId: target.sdkAppId,
        userId,
        userSig: former ? '' : userSigOf(target, userId),
        ...(former ? { resumeTicket: former[next - first + i]?.resumeTicket ?? new Uint8Array() } : {}),
        ...(push ? { onPush: push } : {}),
      });
    });
    clients.push(...(await Promise.all(group)));
    onConnected?.(group.length);
  }
  return clients;
}

/** The partner of each client: even and odd neighbours talk to each other. */
export const partnerOf = (index: number): number => index ^ 1;

/** A text of about 200 bytes, as MsgBody. */
export function textBody(text = 'x'.repeat(200)): Uint8Array {
  return new TextEncoder().encode(JSON.stringify([{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }]));
}
