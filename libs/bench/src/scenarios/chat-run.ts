// A run for the checker: users with several devices chat in a ring and in groups while somebody
// else breaks things; in the end everything comes to rest and the history is complete.
import { createUserSig } from '@parley/usersig';
import { checkHistory } from '../checker/check-history.js';
import {
  type DeviceView,
  type History,
  HistoryRecorder,
  type StoredConversation,
} from '../checker/history.js';
import { type ChatTarget, conversationName, groupTarget, userTarget } from '../load/chat-target.js';
import { RawClient } from '../load/raw-client.js';
import { readConversation } from '../load/read-store.js';
import { RecordingClient } from '../load/recording-client.js';

export interface ChatGroups {
  readonly count: number;
  /** One without a rate that the chat could reach: what is shed is acked, and nobody gets it. */
  readonly type: string;
}

export interface ChatRunOptions {
  readonly sdkAppId: number;
  readonly appKey: string;
  readonly users: number;
  readonly devicesPerUser: number;
  /** Every user is in one of them; default none. Their owners make them before the chat begins. */
  readonly groups?: ChatGroups;
  /** Where a device connects: through a proxy that misbehaves, for instance. */
  readonly gatewayUrlOf: (device: number) => string;
  /** A straight way to the gateway, for the final reading of the store. */
  readonly storeUrl: string;
  /** Chance as a dependency: 0 ≤ x < 1. */
  readonly random: () => number;
  /** Called when every device is logged in; sends go on until what it returns resolves. */
  readonly until: () => Promise<unknown>;
  readonly pauseMaxMs?: number;
  /** Bound on coming to rest. */
  readonly quietWithinMs?: number;
  /** Gets the events, for whoever wants to look at them while the run goes on. */
  readonly recorder?: HistoryRecorder;
}

const READ_CHANCE = 0.05;
/** Of all sends: a message to a group costs as many deliveries as its members have devices. */
const GROUP_CHANCE = 0.2;

const nameOf = (user: number): string => `user-${user}`;

/** Peers of a user in the ring: the next two on either side. */
function peersOf(user: number, { users }: ChatRunOptions): ChatTarget[] {
  const peers = new Set([1, 2, users - 1, users - 2].map((step) => (user + step) % users));
  peers.delete(user);
  return [...peers].map((peer) => userTarget(nameOf(peer)));
}

/** The group of a user, if there are groups. */
const groupsOf = (user: number, { groups }: ChatRunOptions): ChatTarget[] =>
  groups === undefined ? [] : [groupTarget(`group-${user % groups.count}`)];

const conversationsOf = (user: number, options: ChatRunOptions): ChatTarget[] => [
  ...peersOf(user, options),
  ...groupsOf(user, options),
];

interface Device {
  readonly user: number;
  readonly client: RecordingClient;
}

/** Runs the chat and answers its history, at rest. @throws Error when a device cannot log in at first. */
export async function runChat(options: ChatRunOptions): Promise<History> {
  const recorder = options.recorder ?? new HistoryRecorder();
  const devices = createDevices(options, recorder);
  await Promise.all(devices.map(({ client }) => client.start()));
  await createGroups(devices, options);
  let isOver = false;
  const over = options.until().finally(() => {
    isOver = true;
  });
  await Promise.all([over, ...devices.map((device) => chatter(device, options, () => isOver))]);
  try {
    return await comeToRest(devices, recorder, options);
  } finally {
    await Promise.all(devices.map(({ client }) => client.stop()));
  }
}

function createDevices(options: ChatRunOptions, recorder: HistoryRecorder): Device[] {
  return Array.from({ length: options.users * options.devicesPerUser }, (_, index) => {
    const user = Math.floor(index / options.devicesPerUser);
    const client = new RecordingClient({
      gatewayUrl: options.gatewayUrlOf(index),
      sdkAppId: options.sdkAppId,
      userId: nameOf(user),
      userSig: userSig(options, nameOf(user)),
      device: `${nameOf(user)}/${index % options.devicesPerUser}`,
      recorder,
    });
    return { user, client };
  });
}

/** The first user of each group owns it. */
async function createGroups(devices: readonly Device[], options: ChatRunOptions): Promise<void> {
  const { users, devicesPerUser, groups } = options;
  for (let owner = 0; owner < (groups?.count ?? 0); owner += 1) {
    for (const { id } of groupsOf(owner, options)) {
      const members = Array.from({ length: users }, (_, user) => user).filter(
        (user) => user !== owner && groupsOf(user, options).some((group) => group.id === id),
      );
      const client = devices[owner * devicesPerUser]?.client;
      await client?.createGroup(id, groups?.type ?? '', members.map(nameOf));
    }
  }
}

const userSig = (options: ChatRunOptions, userId: string): string =>
  createUserSig({ sdkAppId: options.sdkAppId, userId, key: options.appKey, expireSeconds: 86_400 });

async function chatter(device: Device, options: ChatRunOptions, isOver: () => boolean): Promise<void> {
  const [peers, groups] = [peersOf(device.user, options), groupsOf(device.user, options)];
  const sends: Promise<void>[] = [];
  for (let count = 0; !isOver(); count += 1) {
    const targets = groups.length > 0 && options.random() < GROUP_CHANCE ? groups : peers;
    const target = targets[Math.floor(options.random() * targets.length)] as ChatTarget;
    sends.push(device.client.send(target, `message ${count}`));
    if (options.random() < READ_CHANCE) {
      // A read mark that fails with the connection is made again by the next one.
      await device.client.markRead(target).catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, options.random() * (options.pauseMaxMs ?? 200)));
  }
  await Promise.all(sends);
}

/** Collects until two collections in a row agree that every device holds what is stored, or the time is over. */
async function comeToRest(
  devices: readonly Device[],
  recorder: HistoryRecorder,
  options: ChatRunOptions,
): Promise<History> {
  const deadline = Date.now() + (options.quietWithinMs ?? 30_000);
  for (;;) {
    const { stored, readSeqs } = await readStore(options);
    const views = await readViews(devices, options, readSeqs);
    const history = { events: recorder.events, stored, views };
    if (isAtRest(history) || Date.now() > deadline) return history;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function readStore(options: ChatRunOptions) {
  const stored = new Map<string, StoredConversation>();
  const readSeqs = new Map<string, bigint>();
  for (let user = 0; user < options.users; user += 1) {
    const userId = nameOf(user);
    const client = await RawClient.connect({
      gatewayUrl: options.storeUrl,
      sdkAppId: options.sdkAppId,
      userId,
      userSig: userSig(options, userId),
    });
    for (const target of conversationsOf(user, options)) {
      const conversation = conversationName(userId, target);
      readSeqs.set(`${userId} ${conversation}`, await client.readSeq(target));
      if (!stored.has(conversation)) stored.set(conversation, await readConversation(client, target));
    }
    client.close();
  }
  return { stored: [...stored.values()], readSeqs };
}

async function readViews(
  devices: readonly Device[],
  options: ChatRunOptions,
  readSeqs: ReadonlyMap<string, bigint>,
): Promise<DeviceView[]> {
  const views = devices.map(async ({ user, client }) => {
    const userId = nameOf(user);
    const own: DeviceView[] = [];
    for (const target of conversationsOf(user, options)) {
      const conversation = conversationName(userId, target);
      own.push({
        device: client.options.device,
        user: userId,
        conversation,
        ids: await client.listIds(target),
        unread: await client.unread(target),
        isSendingReading: target.kind === 'GROUP',
        readSeq: readSeqs.get(`${userId} ${conversation}`) ?? 0n,
      });
    }
    return own;
  });
  return (await Promise.all(views)).flat();
}

/** Everything has arrived, and every count is the server's. */
const isAtRest = (history: History): boolean =>
  checkHistory(history).violations.every(({ invariant }) => invariant !== 'I5' && invariant !== 'I9');
