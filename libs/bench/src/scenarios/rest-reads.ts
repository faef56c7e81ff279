// Profiles and friends of a hundred users, as a back end reads them, beside a bare HTTP server that answers as many bytes.
import { startClosedLoop } from '../load/closed-loop.js';
import { RestClient } from '../load/rest-client.js';
import { cpuSecondsOf } from '../measure/process-cost.js';
import { type BenchTarget, type Figure, type Relay, userIdOf } from './bench-target.js';

const USERS = 100;
const LANES = 16;
const WARM_UP_SHARE = 0.25;
const OWNER = userIdOf(USERS);
const NICK = 'Tag_Profile_IM_Nick';
const IMAGE = 'Tag_Profile_IM_Image';

/** Commands have rates of their own, which are not what is measured. */
export const REST_SETTINGS = { PARLEY_REST_RATE_FACTOR: '0' };

const USER_IDS = Array.from({ length: USERS }, (_, index) => userIdOf(index));
const PORTRAITS = { To_Account: USER_IDS, TagList: [NICK, IMAGE] };
const FRIENDS = { From_Account: OWNER, To_Account: USER_IDS, TagList: [NICK, 'Tag_SNS_IM_Remark'] };

async function prepare(rest: RestClient): Promise<void> {
  const accounts = USER_IDS.map((UserID) => ({
    UserID,
    Nick: `Nick of ${UserID}`,
    FaceUrl: `https://example.org/${UserID}`,
  }));
  await rest.call('im_open_login_svc/multiaccount_import', { AccountList: accounts });
  await rest.call('im_open_login_svc/account_import', { UserID: OWNER });
  await rest.call('sns/friend_import', {
    From_Account: OWNER,
    AddFriendItem: USER_IDS.map((To_Account) => ({
      ...{ To_Account, Remark: `Remark on ${To_Account}`, AddSource: 'AddSource_Type_Bench' },
    })),
  });
}

/** @returns calls per second of the process's CPU. */
async function measure(pid: number, durationMs: number, call: () => Promise<unknown>): Promise<number> {
  const loop = startClosedLoop(LANES, call);
  await new Promise((resolve) => setTimeout(resolve, durationMs * WARM_UP_SHARE));
  const [cpu, done] = [cpuSecondsOf(pid), loop.done()];
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  const perCpuSecond = (loop.done() - done) / (cpuSecondsOf(pid) - cpu);
  await loop.stop();
  return perCpuSecond;
}

export async function benchRestReads(target: BenchTarget, relay: Relay): Promise<Figure[]> {
  const rest = new RestClient(target.restUrl, target);
  const { durationMs, serverPid } = target;
  const read = async (command: string, body: object): Promise<Figure> => {
    const answerBytes = Buffer.byteLength(await rest.call(command, body));
    const text = JSON.stringify(body);
    const bare = () => rest.post(`${relay.httpUrl}/${answerBytes}`, text);
    const yardstick = await measure(relay.pid, durationMs, bare);
    const value = await measure(serverPid, durationMs, () => rest.call(command, body));
    const name = `${command} of ${USERS}, ${answerBytes} bytes; yardstick: a bare HTTP server`;
    return { name, value, unit: 'per CPU-second', yardstick, target: 'none', isMet: true };
  };
  try {
    await prepare(rest);
    return [await read('profile/portrait_get', PORTRAITS), await read('sns/friend_get_list', FRIENDS)];
  } finally {
    rest.close();
  }
}
