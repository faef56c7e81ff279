// Users ask each other to be friends, accept, refuse, delete, block and group each other and change their profiles and statuses, from two
// devices of one user, a friend's device and a back end at once, with cut connections. In the end every device holds what a
// fresh one fetches and the back end says, and both sides of every relation agree.
import { actOf, backEndAct, type RelationStage } from './convergence/relation-actors.js';
import { between, type SeenByDevice, seenByBackEnd, seenByDevice } from './convergence/relation-views.js';
import { StatusWatch } from './convergence/status-watch.js';
import { UnsteadyDevices } from './convergence/unsteady-devices.js';
import { sigFor } from './harness/world-on-server.js';
import { type Device, device, restOk, until, type World } from './scenarios/world.js';

const APP_ID = 1_400_000_078;
const SEED = Number(process.env.PARLEY_CONVERGENCE_SEED ?? Date.now() % 1_000_000);
const ACTS = 120;
/** Two devices of alice; carol and dave have none. */
const DEVICES = ['alice', 'alice', 'bob'];
const USERS = ['alice', 'bob', 'carol', 'dave'];
const RECEIVED = 'Pendency_Type_ComeIn';
const SENT = 'Pendency_Type_SendOut';

describe('relations under random changes from everywhere', () => {
  let unsteady: UnsteadyDevices;
  let steady: World;
  beforeAll(async () => {
    const env = { PARLEY_FRIEND_CUSTOM_FIELDS: JSON.stringify({ '*': ['Note'] }) };
    unsteady = await UnsteadyDevices.start({ appId: APP_ID, seed: SEED, users: DEVICES, env });
    await restOk(unsteady.world, 'im_open_login_svc/multiaccount_import', { Accounts: USERS });
    const { gatewayPort } = unsteady.running.server.addresses;
    steady = {
      ...unsteady.world,
      gatewayUrls: [`ws://127.0.0.1:${gatewayPort}/v1/ws`],
      userSigs: Object.fromEntries(['administrator', ...USERS].map((user) => [user, sigFor(user, APP_ID)])),
    };
  });
  afterAll(() => unsteady?.close());

  it(`are the same for all in the end (seed ${SEED})`, async () => {
    const stage: RelationStage = { unsteady, users: USERS };
    for (const one of unsteady.devices) await seenByDevice(one);
    const bob = unsteady.devices.at(-1) as Device;
    const watch = await StatusWatch.start(bob, 'alice');
    const restCodes: number[] = [];
    const byBackEnd = backEndAct(stage);
    await unsteady.disturbedly([
      ...unsteady.devices.map((one) => ({ acts: ACTS, act: actOf(stage, one) })),
      { acts: ACTS, act: async () => restCodes.push(await byBackEnd()) },
    ]);

    const fetched = new Map<string, SeenByDevice>();
    for (const user of USERS) {
      const fresh = await device(steady, user);
      fetched.set(user, await seenByDevice(fresh));
      await fresh.logout();
    }
    for (const one of unsteady.devices) await expectToHold(one, fetched.get(one.userID));
    await expectStatusesToAgree(watch);
    for (const user of USERS) {
      const { applications, unreadCount, ...lists } = fetched.get(user) as SeenByDevice;
      expect({ user, ...lists }).toEqual({ user, ...(await seenByBackEnd(steady, user)) });
      expect(unreadCount).toBeLessThanOrEqual(applications.length);
    }
    for (const user of USERS) {
      for (const other of USERS) if (user < other) await expectToAgree(user, other, fetched);
    }
    expect(restCodes.filter((code) => code === 0).length).toBeGreaterThan(ACTS / 2);
  }, 120_000);

  async function expectStatusesToAgree(watch: StatusWatch): Promise<void> {
    const fresh = await device(steady, 'carol');
    await watch.expectAsFetchedBy(fresh);
    await fresh.logout();
  }

  async function expectToHold(one: Device, expected: SeenByDevice | undefined): Promise<void> {
    const wanted = JSON.stringify(expected);
    let held = '';
    await until(`${one.userID} to hold ${wanted}`, async () => {
      held = JSON.stringify(await seenByDevice(one));
      return held === wanted;
    }).catch((thrown: unknown) => {
      expect(JSON.parse(held)).toEqual(expected);
      throw thrown;
    });
  }

  /** What one has of the other is what the other, and the service, say of it. */
  async function expectToAgree(
    user: string,
    other: string,
    fetched: ReadonlyMap<string, SeenByDevice>,
  ): Promise<void> {
    const [mine, theirs] = [fetched.get(user), fetched.get(other)] as [SeenByDevice, SeenByDevice];
    const has = ({ friends }: SeenByDevice, peer: string) => friends.some(({ userID }) => userID === peer);
    const [isMine, isTheirs] = [has(mine, other), has(theirs, user)];
    const [blocks, isBlocked] = [mine.blocked.includes(other), theirs.blocked.includes(user)];
    const relation = (a: boolean, b: boolean, none: string) => {
      if (a) return b ? 'BothWay' : 'AWithB';
      return b ? 'BWithA' : none;
    };
    expect(await between(steady, user, other)).toEqual({
      friend: `CheckResult_Type_${relation(isMine, isTheirs, 'NoRelation')}`,
      block: `BlackCheckResult_Type_${relation(blocks, isBlocked, 'NO')}`,
    });
    const asks = mine.applications.includes(`${SENT} ${other}`);
    const isAsked = mine.applications.includes(`${RECEIVED} ${other}`);
    expect(theirs.applications.includes(`${RECEIVED} ${user}`)).toBe(asks);
    expect(theirs.applications.includes(`${SENT} ${user}`)).toBe(isAsked);
    // Nothing is left between users of whom one blocks the other.
    if (blocks || isBlocked) expect([isMine, isTheirs, asks, isAsked]).toEqual([false, false, false, false]);
    if (isMine && isTheirs) expect([asks, isAsked]).toEqual([false, false]);
  }

  it('were changed by all, and refused only for reasons', () => {
    const codes = Object.fromEntries([...unsteady.codes].sort(([a], [b]) => a - b));
    console.info(JSON.stringify(codes));
    expect(codes[0]).toBeGreaterThan(ACTS);
    expect(codes[30_006]).toBeUndefined();
    expect(codes[91_000]).toBeUndefined();
  });
});
