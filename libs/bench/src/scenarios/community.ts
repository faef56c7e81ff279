// A community of a hundred thousand members of whom a thousand are here, beside one that has only these: a message must not
// cost more for those who are away.
import { RestClient } from '../load/rest-client.js';
import { ProgressBar } from '../report/progress-bar.js';
import {
  BENCH_COMMUNITY_TYPE,
  type BenchTarget,
  connectUsers,
  type Figure,
  textBody,
  userIdOf,
} from './bench-target.js';
import { Arrivals, measureDelivery, whenAllHear } from './room-load.js';

const MEMBERS = 100_000;
const ONLINE = 1_000;
const ACCOUNTS_PER_IMPORT = 100;
const MEMBERS_PER_ADD = 300;
const IMPORTS_AT_ONCE = 8;
const RATIO_MAX = 1.1;
const SMALL = '@TGS#_bench-small';
const LARGE = '@TGS#_bench-large';

interface Parts {
  readonly first: number;
  readonly end: number;
  readonly size: number;
  readonly atOnce: number;
}

/** Does `run` for each part of the numbers from `first` on, a few at once. */
async function inParts(
  { first, end, size, atOnce }: Parts,
  run: (userIds: string[]) => Promise<unknown>,
): Promise<void> {
  let next = first;
  const lane = async (): Promise<void> => {
    while (next < end) {
      const from = next;
      next = Math.min(end, next + size);
      await run(Array.from({ length: next - from }, (_, at) => userIdOf(from + at)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

/** One request after the other: changes of one group wait for each other anyway. */
async function addMembers(rest: RestClient, groupId: string, end: number, bar?: ProgressBar): Promise<void> {
  const parts = { first: 1, end, size: MEMBERS_PER_ADD, atOnce: 1 };
  await inParts(parts, async (userIds) => {
    const MemberList = userIds.map((Member_Account) => ({ Member_Account }));
    await rest.call('group_open_http_svc/add_group_member', { GroupId: groupId, Silence: 1, MemberList });
    bar?.advance(userIds.length);
  });
}

/** Both groups, of which the first user is the owner. @returns bytes of the server's heap per member who is away. */
async function prepare(target: BenchTarget, rest: RestClient): Promise<number> {
  const accounts = new ProgressBar('accounts', MEMBERS, target.onProgress);
  await inParts(
    { first: 0, end: MEMBERS, size: ACCOUNTS_PER_IMPORT, atOnce: IMPORTS_AT_ONCE },
    async (Accounts) => {
      await rest.call('im_open_login_svc/multiaccount_import', { Accounts });
      accounts.advance(Accounts.length);
    },
  );
  for (const GroupId of [SMALL, LARGE]) {
    const group = { GroupId, Type: BENCH_COMMUNITY_TYPE, Name: GroupId, Owner_Account: userIdOf(0) };
    await rest.call('group_open_http_svc/create_group', group);
  }
  await addMembers(rest, SMALL, ONLINE);
  const before = await target.heapBytes();
  await addMembers(rest, LARGE, MEMBERS, new ProgressBar('members', MEMBERS - 1, target.onProgress));
  return ((await target.heapBytes()) - before) / MEMBERS;
}

/** @returns µs of server CPU per message to each of both groups. */
async function measureSends(target: BenchTarget): Promise<{ small: number; large: number }> {
  const arrivals = new Arrivals();
  const clients = await connectUsers(target, ONLINE, { onPush: () => () => arrivals.one() });
  const [owner] = clients;
  const body = textBody();
  const run = Date.now().toString(36);
  let sent = 0;
  const roomOf = (groupId: string) => ({
    receivers: ONLINE - 1,
    pid: target.serverPid,
    arrivals,
    send: () => owner?.sendToGroup(groupId, `${run}-${sent++}`, body) ?? Promise.resolve(),
  });
  const costs = { small: 0, large: 0 };
  try {
    const rooms = { small: roomOf(SMALL), large: roomOf(LARGE) };
    await whenAllHear(rooms.small);
    await whenAllHear(rooms.large);
    // By turns, so that whoever else uses the machine is in both.
    for (const half of [rooms, rooms]) {
      const halfMs = target.durationMs / 2;
      costs.small += ((await measureDelivery(half.small, 1, halfMs)) * (ONLINE - 1)) / 2;
      costs.large += ((await measureDelivery(half.large, 1, halfMs)) * (ONLINE - 1)) / 2;
    }
    return costs;
  } finally {
    for (const client of clients) client.close();
  }
}

export async function benchCommunity(target: BenchTarget): Promise<Figure[]> {
  const rest = new RestClient(target.restUrl, target);
  try {
    const bytesPerMember = await prepare(target, rest);
    const { small, large } = await measureSends(target);
    return [
      {
        name: `message to a community of ${MEMBERS}, ${ONLINE} online; yardstick: a community of these ${ONLINE}`,
        value: large,
        unit: 'µs server CPU',
        yardstick: small,
        target: `≤ ${RATIO_MAX}× the small one`,
        isMet: large <= small * RATIO_MAX,
      },
      {
        name: 'memory of a member who is away',
        value: bytesPerMember,
        unit: 'bytes heap',
        target: 'none',
        isMet: true,
      },
    ];
  } finally {
    rest.close();
  }
}
