// What a scenario lives in. Plain data and fetch only: the same scenario runs in
// Node and inside a browser page, against standalone and against a cluster.
import TencentCloudChat from '@parley/sdk';

export interface World {
  readonly restUrl: string;
  /** Devices take turns, so that two of them seldom share a gateway. */
  readonly gatewayUrls: readonly string[];
  readonly sdkAppId: number;
  readonly admin: string;
  /** UserSigs by UserID, for the admin and every user of the scenarios. */
  readonly userSigs: Readonly<Record<string, string>>;
  /** Makes the users of one run different from those of another. */
  readonly run: string;
}

export type Chat = ReturnType<typeof TencentCloudChat.create>;

/** The users that a world must bring UserSigs for. */
export const usersOf = (run: string): string[] =>
  ['alice', 'bob', 'carol', 'dave'].map((name) => `${name}-${run}`);

/** A failed expectation, without a test runner. */
export function check(holds: unknown, what: string): asserts holds {
  if (!holds) throw new Error(`expected: ${what}`);
}

export function checkEqual<T>(actual: T, expected: T, what: string): void {
  const [a, e] = [toText(actual), toText(expected)];
  check(a === e, `${what} to be ${e}, got ${a}`);
}

/** JSON with sorted keys: the order of an object's keys is nobody's promise. */
function toText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** Longer than a device that was cut off again and again waits before it comes back. */
const WAIT_MS = 40_000;

/** Polls until the condition holds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await condition())) {
    check(Date.now() < deadline, `${what} within ${WAIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// biome-ignore lint/suspicious/noExplicitAny: answers are plain JSON of many shapes
export type Json = any;

/** Calls a REST command as the app's admin. */
export async function rest(world: World, command: string, body: unknown): Promise<Json> {
  const query = new URLSearchParams({
    sdkappid: String(world.sdkAppId),
    identifier: world.admin,
    usersig: world.userSigs[world.admin] ?? '',
    random: String(Math.floor(Math.random() * 0xffff_ffff)),
    contenttype: 'json',
  });
  // No content type: the border ignores it, and a browser then needs no preflight.
  const response = await fetch(`${world.restUrl}/v4/${command}?${query}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  checkEqual(response.status, 200, `HTTP status of ${command}`);
  return response.json();
}

/** A command that must succeed. */
export async function restOk(world: World, command: string, body: unknown): Promise<Json> {
  const answer = await rest(world, command, body);
  check(
    answer.ActionStatus === 'OK' && answer.ErrorCode === 0,
    `${command} OK, got ${JSON.stringify(answer)}`,
  );
  return answer;
}

export interface Device {
  readonly chat: Chat;
  readonly userID: string;
  /** Messages that MESSAGE_RECEIVED brought, in order. */
  readonly received: Json[];
  readonly readByPeer: Json[];
  readonly kicks: Json[];
  logout(): Promise<void>;
}

let instances = 0;

/** A new SDK instance, logged in and ready. A user's second device stays beside one in the web only on a phone. */
export async function device(
  world: World,
  userID: string,
  platform: 'web' | 'iphone' = 'web',
): Promise<Device> {
  instances += 1;
  const chat = TencentCloudChat.create({
    SDKAppID: world.sdkAppId,
    gatewayUrl: world.gatewayUrls[instances % world.gatewayUrls.length] ?? '',
    instanceID: `${userID}/${instances}`,
    platform,
  });
  chat.setLogLevel(4);
  const received: Json[] = [];
  const readByPeer: Json[] = [];
  const kicks: Json[] = [];
  let isReady = false;
  const { EVENT } = TencentCloudChat;
  chat.on(EVENT.MESSAGE_RECEIVED, (event: Json) => received.push(...event.data));
  chat.on(EVENT.MESSAGE_READ_BY_PEER, (event: Json) => readByPeer.push(...event.data));
  chat.on(EVENT.KICKED_OUT, (event: Json) => kicks.push(event.data));
  chat.on(EVENT.SDK_READY, () => {
    isReady = true;
  });
  await chat.login({ userID, userSig: world.userSigs[userID] ?? '' });
  await until(`${userID} ready`, () => isReady);
  return { chat, userID, received, readByPeer, kicks, logout: async () => void (await chat.destroy()) };
}

/** Sends a text and answers the sent message. */
export async function sendText(from: Device, to: string, text: string): Promise<Json> {
  const message = from.chat.createTextMessage({ to, conversationType: 'C2C', payload: { text } });
  const { code, data } = await from.chat.sendMessage(message);
  checkEqual(code, 0, 'code of sendMessage');
  return data.message;
}

export async function conversation(of: Device, peer: string): Promise<Json | undefined> {
  const { data } = await of.chat.getConversationList();
  return data.conversationList.find((item: Json) => item.conversationID === `C2C${peer}`);
}
