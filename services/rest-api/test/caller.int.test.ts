// Who may come through the REST door, and how long it is remembered.
import { connect } from 'node:net';
import { ChatError, ErrorCode } from '@parley/kernel';
import { waitFor } from '@parley/testkit';
import { ADMIN, APP, SIG, v4, World } from './harness.js';

const KICK = 'im_open_login_svc/kick';
const bob = { UserID: 'bob' };

describe('the caller of the REST door', () => {
  let world: World;

  beforeEach(async () => {
    world = new World();
    world.auth.kick = async () => ({});
    await world.start();
  });
  afterEach(() => world.stop());

  it('must be an admin: 60010', async () => {
    world.auth.verifyUserSig = async () => ({ isAdmin: false, expiresAtMs: 9_999_999_999_999n });
    expect((await world.call(KICK, bob)).body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 60010 });
    expect(world.callsOf('Kick')).toEqual([]);
  });

  it.each([70001, 70003, 70009, 70013, 70014, 70016, 70020, 70050, 70051, 70052])(
    'is told why the signature is refused: %d',
    async (code) => {
      world.auth.verifyUserSig = async () => {
        throw new ChatError(code, 'refused');
      };
      const { status, body } = await world.call(KICK, bob);
      expect(body).toEqual({ ActionStatus: 'FAIL', ErrorCode: code, ErrorInfo: 'refused' });
      expect(status).toBe(200);
      expect(world.callsOf('Kick')).toEqual([]);
    },
  );

  it('is verified by its app, user and signature, in the role of a service', async () => {
    await world.call(KICK, bob);
    expect(world.calls[0]).toMatchObject({
      method: 'VerifyUserSig',
      request: { sdkAppId: APP, userId: ADMIN, userSig: SIG },
      context: { role: 3, appId: APP },
    });
  });

  it('is verified before its body is read', async () => {
    world.auth.verifyUserSig = async () => {
      throw new ChatError(ErrorCode.USER_SIG_WRONG_KEY, 'wrong key');
    };
    const answer = await new Promise<string>((resolve, reject) => {
      const head = `POST ${v4(KICK)} HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n{`;
      const socket = connect(world.api.port, '127.0.0.1', () => socket.write(head));
      socket.on('data', (chunk) => {
        resolve(chunk.toString());
        socket.destroy();
      });
      socket.on('error', reject);
    });
    expect(answer).toContain('"ErrorCode":70009');
  });

  it('is asked about once a minute, and at once after a change', async () => {
    const verified = () => world.callsOf('VerifyUserSig').length;
    await world.call(KICK, bob);
    await world.call(KICK, bob);
    expect(verified()).toBe(1);
    world.clock.advance(60_000);
    await world.call(KICK, bob);
    expect(verified()).toBe(2);
    await world.coordination.publish('auth:changed', `${APP} somebody`);
    await world.call(KICK, bob);
    expect(verified()).toBe(2);
    await world.coordination.publish('auth:changed', `${APP} ${ADMIN}`);
    await world.call(KICK, bob);
    expect(verified()).toBe(3);
    await world.coordination.publish('auth:changed', `${APP}`);
    await world.call(KICK, bob);
    expect(verified()).toBe(4);
    await world.call(KICK, bob, { usersig: 'another' });
    expect(verified()).toBe(5);
  });

  it('is not believed beyond the end of the signature', async () => {
    world.auth.verifyUserSig = async () => ({
      isAdmin: true,
      expiresAtMs: BigInt(world.clock.now() + 1_000),
    });
    await world.call(KICK, bob);
    world.clock.advance(1_000);
    await world.call(KICK, bob);
    expect(world.callsOf('VerifyUserSig')).toHaveLength(2);
  });

  it('is not remembered when a change came while it was verified', async () => {
    let go: (() => void) | undefined;
    world.auth.verifyUserSig = async () => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      return { isAdmin: true, expiresAtMs: 9_999_999_999_999n };
    };
    const first = world.call(KICK, bob);
    await waitFor(() => go !== undefined);
    await world.coordination.publish('auth:changed', `${APP} ${ADMIN}`);
    go?.();
    expect((await first).body).toMatchObject({ ErrorCode: 0 });
    world.auth.verifyUserSig = async () => {
      throw new ChatError(ErrorCode.USER_SIG_INVALIDATED, 'kicked');
    };
    expect((await world.call(KICK, bob)).body).toMatchObject({ ErrorCode: 70052 });
  });

  it('does not have a refusal remembered', async () => {
    world.auth.verifyUserSig = async () => {
      throw new ChatError(ErrorCode.USER_SIG_WRONG_KEY, 'wrong key');
    };
    await world.call(KICK, bob);
    world.auth.verifyUserSig = async () => ({ isAdmin: true, expiresAtMs: 9_999_999_999_999n });
    expect((await world.call(KICK, bob)).body).toMatchObject({ ErrorCode: 0 });
  });

  it('shares one check among concurrent calls', async () => {
    await Promise.all(Array.from({ length: 20 }, () => world.call(KICK, bob)));
    expect(world.callsOf('VerifyUserSig')).toHaveLength(1);
  });
});
