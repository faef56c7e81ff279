// Clients that come back with a ticket, and crowds.
import { ChatError, ErrorCode } from '@parley/kernel';
import { authv1, contextv1 } from '@parley/proto';
import { waitFor } from '@parley/testkit';
import { ByeCode } from '@parley/wire';
import { APP, type Harness, NODE, startGateway } from './harness.js';
import type { TestClient } from './test-client.js';

const { ResumeOutcome } = authv1;
const ticket = Uint8Array.of(1, 2, 3);
let harness: Harness;

afterEach(async () => {
  await harness.stop();
  harness.log.assertNoErrors();
});

const resumed = async (login: object) => ({ outcome: ResumeOutcome.RESUMED, login });

async function byeOf(client: TestClient) {
  return (await client.next('bye')).bye;
}

describe('a ticket', () => {
  beforeEach(async () => {
    harness = await startGateway();
  });

  it('is given with the Welcome and asked about, instead of the UserSig, when the client comes back', async () => {
    const { backend, clock } = harness;
    backend.onLogin = async (request) => ({ ...(await backend.login(request)), resumeTicket: ticket });
    const first = await harness.connect();
    const welcome = await first.login({ userId: 'alice', instanceId: 'i-1' });
    expect(welcome.resumeTicket).toEqual(ticket);

    const seen: authv1.ResumeRequest[] = [];
    const sinceMs = BigInt(clock.now() - 60_000);
    const next = Uint8Array.of(9);
    backend.onResume = (request) => {
      seen.push(request);
      return resumed({ expiresAtMs: BigInt(clock.now() + 1_000), resumeTicket: next, sinceMs });
    };
    backend.onLogin = () => Promise.reject(new Error('nobody asks for a login'));
    const second = await harness.connect();
    const answer = await second.login({ userId: 'alice', instanceId: 'i-1', resumeTicket: ticket });
    expect(answer).toMatchObject({ resumeTicket: next, serverTimeMs: BigInt(clock.now()) });
    expect(seen).toMatchObject([
      {
        sdkAppId: APP,
        userId: 'alice',
        ticket,
        platform: contextv1.Platform.WEB,
        instanceId: 'i-1',
        connectionId: answer.connectionId,
        nodeId: NODE,
      },
    ]);
    // The older connection of the instance goes.
    expect((await byeOf(first)).code).toBe(ByeCode.LOGGED_OUT);
    clock.advance(1_001);
    expect((await byeOf(second)).code).toBe(ByeCode.USER_SIG_EXPIRED);
  });

  it('that is not good makes the UserSig count, in the same Hello', async () => {
    const client = await harness.connect();
    const welcome = await client.login({ userId: 'alice', resumeTicket: ticket });
    expect(welcome.connectionId).not.toBe('');
  });

  it.each([
    [ResumeOutcome.DISPLACED_BY_OTHER_DEVICE, ByeCode.KICKED_BY_OTHER_DEVICE],
    [ResumeOutcome.DISPLACED_BY_SAME_PLATFORM, ByeCode.KICKED_BY_SAME_PLATFORM],
  ])('whose login lost its place (%i) ends with %i, whatever the UserSig', async (outcome, code) => {
    harness.backend.onResume = async () => ({ outcome });
    harness.backend.onLogin = () => Promise.reject(new Error('nobody asks for a login'));
    const client = await harness.connect();
    client.hello({ resumeTicket: ticket });
    expect((await byeOf(client)).code).toBe(code);
    expect(await client.closed).toBe(code);
  });

  it('that cannot be judged now is to be presented again', async () => {
    harness.backend.onResume = () => Promise.reject(new ChatError(ErrorCode.UNAVAILABLE, 'not now'));
    const client = await harness.connect();
    client.hello({ resumeTicket: ticket });
    expect(await byeOf(client)).toMatchObject({ code: ByeCode.INTERNAL, retryAfterMs: 1_000 });
    await waitFor(() => harness.ended('login_failed') === 1);
  });
});

describe('a crowd', () => {
  it('of logins waits, each as long as it must, and leaves those alone who come back', async () => {
    harness = await startGateway({ loginsPerSecond: 10, loginsBurst: 1 });
    const { backend, clock } = harness;
    const expiresAtMs = BigInt(clock.now() + 600_000);
    backend.onResume = () => resumed({ expiresAtMs });
    await harness.login('u1');
    const refused = [await harness.connect(), await harness.connect()];
    for (const client of refused) client.hello({ userId: 'u2', instanceId: 'i' });
    const byes = await Promise.all(refused.map(byeOf));
    expect(byes.map(({ code }) => code)).toEqual([ByeCode.OVERLOADED, ByeCode.OVERLOADED]);
    expect(byes.map(({ retryAfterMs }) => retryAfterMs).sort((a, b) => a - b)).toEqual([100, 200]);
    const back = await harness.connect();
    await back.login({ userId: 'u3', resumeTicket: ticket });
    clock.advance(100);
    await harness.login('u2');
  });

  it('of those who come back waits, and leaves logins alone', async () => {
    harness = await startGateway({ resumesPerSecond: 10, resumesBurst: 1 });
    const { backend, clock } = harness;
    const expiresAtMs = BigInt(clock.now() + 600_000);
    backend.onResume = () => resumed({ expiresAtMs });
    const first = await harness.connect();
    await first.login({ userId: 'u1', resumeTicket: ticket });
    const second = await harness.connect();
    second.hello({ userId: 'u2', resumeTicket: ticket });
    expect(await byeOf(second)).toMatchObject({ code: ByeCode.OVERLOADED, retryAfterMs: 100 });
    await harness.login('u3');
  });

  it('with tickets that are not good takes the places of logins', async () => {
    harness = await startGateway({ loginsPerSecond: 10, loginsBurst: 1 });
    const client = await harness.connect();
    await client.login({ userId: 'u1', resumeTicket: ticket });
    const second = await harness.connect();
    second.hello({ userId: 'u2', resumeTicket: ticket });
    expect((await byeOf(second)).code).toBe(ByeCode.OVERLOADED);
  });
});
