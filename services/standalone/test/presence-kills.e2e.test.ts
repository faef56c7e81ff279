// Processes that are killed under people who are online: everybody else hears of it, once.
import TencentCloudChat from '@parley/sdk';
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import {
  ClusterProcesses,
  localEngineSettings,
  type TemporaryDirectory,
  temporaryDirectory,
  waitFor,
} from '@parley/testkit';
import { APP_ID, APP_KEY, SERVE, sigFor } from './harness/world-on-server.js';

const { EVENT, TYPES } = TencentCloudChat;
const USERS = 10;
const NAMES = Array.from({ length: USERS }, (_, at) => `there-${at}`);
/** Lease, sweep and the rounds of telling; then some for a busy machine. */
const TOLD_WITHIN_MS = 30_000;

await describeWithEngine('Cassandra', engineAddress('cassandra'), () => {
  let directory: TemporaryDirectory;
  let cluster: ClusterProcesses;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    cluster = await ClusterProcesses.create({
      command: SERVE,
      dataDir: directory.path,
      replicas: { auth: 1, message: 1, group: 1, profile: 2, 'access-gateway': 2 },
      readyTimeoutMs: 270_000,
      env: {
        ...localEngineSettings(`presence${Date.now().toString(36)}`),
        PARLEY_BOOTSTRAP_APP_KEY: APP_KEY,
        PARLEY_GATEWAY_LEASE_RENEW_MS: '1000',
        PARLEY_GATEWAY_LEASE_TTL_MS: '4000',
      },
    });
    await cluster.start();
  }, 280_000);

  afterAll(async () => {
    await cluster?.stop();
    await directory.remove();
  }, 60_000);

  /** Connected to that gateway and to no other, whatever becomes of it. */
  const logIn = async (userID: string, gateway: 0 | 1) => {
    const gatewayUrl = cluster.of('access-gateway')[gateway]?.process.addresses.gatewayUrl ?? '';
    const chat = TencentCloudChat.create({
      SDKAppID: APP_ID,
      gatewayUrl,
      instanceID: `${userID}@${gateway}`,
    });
    chat.setLogLevel(4);
    await chat.login({ userID, userSig: sigFor(userID) });
    return chat;
  };

  it('one event for each user of a gateway that is killed, and one when they are back', async () => {
    const watcher = await logIn('watcher', 0);
    const told: { userID: string; statusType: number; customStatus: string }[] = [];
    watcher.on(EVENT.USER_STATUS_UPDATED, ({ data }) => told.push(...data));
    const toldOf = (userID: string) =>
      told.filter((status) => status.userID === userID).map(({ statusType }) => statusType);
    const there = await Promise.all(NAMES.map((name) => logIn(name, 1)));
    await watcher.subscribeUserStatus({ userIDList: NAMES });
    // Told or not before the subscription: from now on they are known to be online.
    await waitFor(async () => {
      const { data } = await watcher.getUserStatus({ userIDList: NAMES });
      return data.successUserList.every(({ statusType }) => statusType === TYPES.USER_STATUS_ONLINE);
    });
    // Whatever is told of a user comes in order: after this nothing of the login is on its way any longer.
    await Promise.all(there.map((chat) => chat.setSelfStatus({ customStatus: 'last words' })));
    const hasLastWords = (name: string) =>
      told.some(({ userID, customStatus }) => userID === name && customStatus === 'last words');
    await waitFor(() => NAMES.every(hasLastWords), { timeoutMs: TOLD_WITHIN_MS });
    told.length = 0;
    await cluster.of('access-gateway')[1]?.process.kill();
    await waitFor(() => NAMES.every((name) => toldOf(name).length > 0), { timeoutMs: TOLD_WITHIN_MS });
    const back = await Promise.all(NAMES.map((name) => logIn(name, 0)));
    await waitFor(() => NAMES.every((name) => toldOf(name).length > 1), { timeoutMs: TOLD_WITHIN_MS });
    const once = [TYPES.USER_STATUS_OFFLINE, TYPES.USER_STATUS_ONLINE];
    for (const name of NAMES) expect([name, toldOf(name)]).toEqual([name, once]);

    // Whichever of the two tells: the other one goes on where it stopped.
    told.length = 0;
    await cluster.of('profile')[0]?.process.kill();
    await Promise.all(back.map((one) => one.logout()));
    await waitFor(() => NAMES.every((name) => toldOf(name).length > 0), { timeoutMs: TOLD_WITHIN_MS });
    await cluster.of('profile')[0]?.process.start();
    const again = await logIn('there-0', 0);
    await waitFor(() => toldOf('there-0').length > 1, { timeoutMs: TOLD_WITHIN_MS });
    const gone = NAMES.map((name) => [name, toldOf(name)[0], toldOf(name).length]);
    expect(gone).toEqual(
      NAMES.map((name) => [name, TYPES.USER_STATUS_UNLOGINED, name === 'there-0' ? 2 : 1]),
    );
    await Promise.all([...there, again, watcher].map((one) => one.destroy()));
  }, 150_000);
});
