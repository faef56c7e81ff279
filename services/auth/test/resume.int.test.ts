// Logins that go on over another connection, and what ends them for good.
import { ErrorCode, type UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { Platform } from '@parley/rpc';
import fc from 'fast-check';
import { APP, AuthWorld, admin, codeOf, operator, service, user } from './world.js';

const { RESUMED, LOGIN_NEEDED, DISPLACED_BY_OTHER_DEVICE, DISPLACED_BY_SAME_PLATFORM } = authv1.ResumeOutcome;
const DAY_MS = 86_400_000;
let world: AuthWorld;
beforeEach(async () => {
  world = await AuthWorld.open();
});
afterEach(() => world.close());

interface LogInInput {
  readonly platform?: Platform;
  readonly instanceId?: string;
  readonly expireSeconds?: number;
}

async function logIn({
  expireSeconds = 7 * 86_400,
  instanceId = 'phone',
  platform = Platform.WEB,
}: LogInInput = {}) {
  const userSig = world.sign('alice', { expireSeconds });
  const { connectionId, answer } = await world.login({ userId: 'alice', userSig, instanceId, platform });
  return { connectionId, ticket: answer.resumeTicket, answer };
}

const outcomeOf = async (ticket: Uint8Array, input: { instanceId?: string; platform?: Platform } = {}) =>
  (await world.resume('alice', { ticket, ...input })).answer.outcome;

/** Sockets break: the registry forgets, the login stays. */
const loseSockets = async () => {
  const { sessions } = world.test.platform;
  for (const session of await sessions.sessionsOf(APP, 'alice' as UserId)) {
    await sessions.unregister(APP, 'alice' as UserId, session);
  }
};

/** How often the tables are asked while `act` runs. */
async function readsOf(act: () => Promise<unknown>): Promise<number> {
  const { tables } = world.test.platform;
  const get = tables.get.bind(tables);
  let reads = 0;
  tables.get = (...request) => {
    reads += 1;
    return get(...request);
  };
  await act();
  tables.get = get;
  return reads;
}

describe('a resume ticket', () => {
  it('takes the login up again without a look at the account', async () => {
    const { connectionId: first, ticket, answer } = await logIn();
    const reads = await readsOf(async () => {
      const back = await world.resume('alice', { ticket });
      expect(back.answer.outcome).toBe(RESUMED);
      expect(back.answer.login).toMatchObject({
        expiresAtMs: answer.expiresAtMs,
        isAdmin: false,
        sinceMs: answer.sinceMs + 1n,
      });
      expect(await world.sessionsOf('alice')).toEqual([back.connectionId]);
      expect(world.gateway.disconnects).toMatchObject([{ connectionId: first, code: 4506 }]);
    });
    expect(reads).toBe(0);
  });

  it('goes on through many connections, and an older one still does when an answer was lost', async () => {
    let { ticket } = await logIn();
    const old = ticket;
    for (let i = 0; i < 5; i++) {
      const { answer } = await world.resume('alice', { ticket });
      ticket = answer.login?.resumeTicket ?? new Uint8Array();
    }
    await loseSockets();
    expect(await outcomeOf(old)).toBe(RESUMED);
    expect(await outcomeOf(ticket)).toBe(RESUMED);
  });

  it('says who is an admin', async () => {
    const { answer } = await world.login({ userId: 'administrator', instanceId: 'phone' });
    const back = await world.resume('administrator', { ticket: answer.resumeTicket });
    expect(back.answer.login?.isAdmin).toBe(true);
  });

  it('survives a restart that forgets coordination, with a look at the account', async () => {
    const { ticket } = await logIn();
    await world.restart();
    expect(await readsOf(async () => expect(await outcomeOf(ticket)).toBe(RESUMED))).toBeGreaterThan(0);
  });

  it('is bound to app, user, platform and instance', async () => {
    const { ticket } = await logIn();
    expect(await outcomeOf(ticket, { instanceId: 'other' })).toBe(LOGIN_NEEDED);
    expect(await outcomeOf(ticket, { platform: Platform.MAC })).toBe(LOGIN_NEEDED);
    expect((await world.resume('bob', { ticket })).answer.outcome).toBe(LOGIN_NEEDED);
    const request = {
      userId: 'alice',
      ticket,
      platform: Platform.WEB,
      instanceId: 'phone',
      connectionId: 'c',
    };
    const { nodeId } = world.test.platform;
    const elsewhere = await world.auth.resume({ ...request, sdkAppId: APP + 1, nodeId }, service);
    expect(elsewhere.outcome).toBe(LOGIN_NEEDED);
    expect(await world.sessionsOf('bob')).toEqual([]);
  });

  it('is worth nothing when a single bit is another', async () => {
    const { ticket } = await logIn();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: ticket.length * 8 - 1 }), async (bit) => {
        const forged = Uint8Array.from(ticket);
        forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(await outcomeOf(forged)).toBe(LOGIN_NEEDED);
      }),
      { numRuns: 60 },
    );
    for (const bytes of [new Uint8Array(), ticket.subarray(0, 40), new Uint8Array(2_000)]) {
      expect(await outcomeOf(bytes)).toBe(LOGIN_NEEDED);
    }
  });

  it('ends with a day, and never later than the UserSig', async () => {
    const { ticket } = await logIn();
    const { ticket: short } = await logIn({ expireSeconds: 60, instanceId: 'short', platform: Platform.MAC });
    world.clock.advance(60_000);
    expect(await outcomeOf(short, { instanceId: 'short', platform: Platform.MAC })).toBe(LOGIN_NEEDED);
    world.clock.advance(DAY_MS - 60_003);
    const { answer } = await world.resume('alice', { ticket });
    expect(answer.outcome).toBe(RESUMED);
    world.clock.advance(3);
    expect(await outcomeOf(ticket)).toBe(LOGIN_NEEDED);
    // The one that was given on the way is good for another day, under the next key.
    expect(await outcomeOf(answer.login?.resumeTicket ?? new Uint8Array())).toBe(RESUMED);
  });

  it('is refused to callers other than services', async () => {
    const { connectionId, ticket } = await logIn();
    const request = { sdkAppId: APP, userId: 'alice', ticket };
    expect(await codeOf(world.auth.resume(request, user('alice', connectionId)))).toBe(
      ErrorCode.IDENTITY_CHECK_FAILED,
    );
  });

  it('can be switched off', async () => {
    const own = await AuthWorld.open({ resumeTicketLifetimeS: 0 });
    const { answer } = await own.login({ userId: 'alice' });
    expect(answer.resumeTicket).toHaveLength(0);
    await own.close();
  });
});

describe('a ticket is worth nothing after', () => {
  it.each<[string, (connectionId: string) => Promise<unknown>]>([
    ['a kick', () => world.auth.kick({ userId: 'alice' }, admin)],
    ['a deletion', () => world.auth.deleteAccounts({ userIds: ['alice'] }, admin)],
    ['a block', () => world.apps.blockAccount({ appId: APP, userId: 'alice', blocked: true }, operator)],
    ['a logout', (connectionId) => world.auth.logout({}, user('alice', connectionId as never))],
    ['the end of the key that signed the UserSig', () => world.apps.rotateAppKey({ appId: APP }, operator)],
  ])('%s, also over a restart', async (_, act) => {
    const { connectionId, ticket } = await logIn();
    await act(connectionId);
    expect(await outcomeOf(ticket)).toBe(LOGIN_NEEDED);
    await world.restart();
    expect(await outcomeOf(ticket)).toBe(LOGIN_NEEDED);
    expect(await world.sessionsOf('alice')).toEqual([]);
  });

  it('a kick that no process was told of', async () => {
    const { ticket } = await logIn();
    const { coordination } = world.test.platform;
    coordination.publish = async () => undefined;
    await world.auth.kick({ userId: 'alice' }, admin);
    expect(await outcomeOf(ticket)).toBe(LOGIN_NEEDED);
  });

  it('a kick that ran while the client came back', async () => {
    const { ticket } = await logIn();
    const { sessions } = world.test.platform;
    const register = sessions.register.bind(sessions);
    sessions.register = async (...session) => {
      await world.auth.kick({ userId: 'alice' }, admin);
      await register(...session);
    };
    expect(await outcomeOf(ticket)).toBe(LOGIN_NEEDED);
    expect(await world.sessionsOf('alice')).toEqual([]);
  });

  it('a new life of the account', async () => {
    const own = await AuthWorld.open({ deletedAccountLockDays: 0 });
    const { answer } = await own.login({ userId: 'alice', instanceId: 'phone' });
    await own.auth.deleteAccounts({ userIds: ['alice'] }, admin);
    await own.importUsers('alice');
    const back = await own.resume('alice', { ticket: answer.resumeTicket });
    expect(back.answer.outcome).toBe(LOGIN_NEEDED);
    await own.close();
  });
});

describe('a login that lost its place', () => {
  it.each([
    [Platform.WEB, 'same platform', DISPLACED_BY_SAME_PLATFORM],
    [Platform.ANDROID, 'another device', DISPLACED_BY_OTHER_DEVICE],
  ])('to %i (%s) does not come back, also over a restart', async (platform, _, outcome) => {
    const own = platform === Platform.WEB ? Platform.WEB : Platform.IPHONE;
    const { ticket } = await logIn({ platform: own });
    await world.login({ userId: 'alice', platform });
    expect(await outcomeOf(ticket, { platform: own })).toBe(outcome);
    await world.restart();
    expect(await outcomeOf(ticket, { platform: own })).toBe(outcome);
  });

  it('while its socket was broken does not come back as long as the other is there', async () => {
    const { ticket } = await logIn();
    await loseSockets();
    const { connectionId } = await logIn({ instanceId: 'laptop' });
    expect(await outcomeOf(ticket)).toBe(DISPLACED_BY_SAME_PLATFORM);
    expect(await world.sessionsOf('alice')).toEqual([connectionId]);
  });

  it('takes the place back with a UserSig, and then the other one does not come back', async () => {
    await logIn();
    const { ticket } = await logIn({ instanceId: 'laptop' });
    await logIn();
    expect(await outcomeOf(ticket, { instanceId: 'laptop' })).toBe(DISPLACED_BY_SAME_PLATFORM);
  });

  it('is not sent away by an older login that comes back', async () => {
    await world.apps.changeApp({ appId: APP, webInstancesMax: 2 }, operator);
    const { ticket } = await logIn();
    await logIn({ instanceId: 'laptop' });
    await loseSockets();
    expect(await outcomeOf(ticket)).toBe(RESUMED);
    const { connectionId } = await logIn({ instanceId: 'laptop' });
    expect(await world.sessionsOf('alice')).toContain(connectionId);
    expect(world.gateway.disconnects).toEqual([]);
  });
});

describe('keys of tickets', () => {
  it('are the same for every process, and go out of use', async () => {
    const { ticket } = await logIn({ expireSeconds: 90 * 86_400 });
    let latest = ticket;
    for (let day = 0; day < 5; day++) {
      world.clock.advance(DAY_MS - 1_000);
      await world.restart();
      const { answer } = await world.resume('alice', { ticket: latest });
      expect(answer.outcome).toBe(RESUMED);
      latest = answer.login?.resumeTicket ?? new Uint8Array();
    }
    expect(await outcomeOf(ticket)).toBe(LOGIN_NEEDED);
  });

  it('are made once by many logins at once', async () => {
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((userId) => world.login({ userId, instanceId: 'phone' })),
    );
    for (const [at, userId] of ['a', 'b', 'c', 'd'].entries()) {
      const ticket = answers[at]?.answer.resumeTicket ?? new Uint8Array();
      expect((await world.resume(userId, { ticket })).answer.outcome).toBe(RESUMED);
    }
  });
});
