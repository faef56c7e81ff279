import { createMemoryCoordination } from '@parley/coordination';
import { type AppId, systemClock, type UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { createClient, createInProcessTransport, createRouter } from '@parley/rpc';
import { silentLogger } from '@parley/telemetry';
import { AccountDirectory } from './account-directory.js';

const APP = 1 as AppId;
const user = (name: string) => name as UserId;

const open = async (accountsMax = 10) => {
  const existing = new Set(['alice', 'bob smith', 'carol']);
  const asked: string[][] = [];
  let beforeAnswer: () => Promise<void> = async () => undefined;
  const unused = () => Promise.reject(new Error('not in this test'));
  const router = createRouter({ logger: silentLogger });
  router.register(authv1.AuthService, {
    login: unused,
    resume: unused,
    logout: unused,
    verifyUserSig: unused,
    importAccounts: unused,
    deleteAccounts: unused,
    kick: unused,
    queryOnlineStatus: unused,
    checkAccounts: async ({ userIds }) => {
      asked.push(userIds);
      const accounts = userIds.map((userId) => ({ userId, isImported: existing.has(userId) }));
      await beforeAnswer();
      return { accounts };
    },
  });
  const coordination = createMemoryCoordination({ clock: systemClock });
  const auth = createClient(authv1.AuthService, createInProcessTransport({ router }));
  const directory = new AccountDirectory({ auth, coordination, clock: systemClock, accountsMax });
  await directory.start();
  return {
    directory,
    asked,
    existing,
    announce: (change: string) => coordination.publish('auth:changed', change),
    beforeAnswer: (wait: () => Promise<void>) => {
      beforeAnswer = wait;
    },
  };
};

describe('AccountDirectory', () => {
  it('asks once for what is asked at once, and remembers only a yes', async () => {
    const { directory, asked } = await open();
    const answers = ['alice', 'nobody', 'alice'].map((name) => directory.exists(APP, user(name)));
    await expect(Promise.all(answers)).resolves.toEqual([true, false, true]);
    expect(asked).toEqual([['alice', 'nobody']]);
    expect(directory.isKnown(APP, user('alice'))).toBe(true);
    expect(directory.isKnown(2 as AppId, user('alice'))).toBe(false);
    expect(directory.isKnown(APP, user('nobody'))).toBe(false);
  });

  it('forgets who changed, and everybody when an app changed', async () => {
    const { directory, announce } = await open();
    for (const name of ['alice', 'bob smith', 'carol']) await directory.exists(APP, user(name));
    await announce('1 bob smith');
    expect(directory.isKnown(APP, user('bob smith'))).toBe(false);
    expect(directory.isKnown(APP, user('alice'))).toBe(true);
    await announce('1');
    expect(directory.isKnown(APP, user('alice'))).toBe(false);
  });

  it('does not remember an answer that a change overtook', async () => {
    const { directory, announce, existing, beforeAnswer } = await open();
    beforeAnswer(async () => {
      existing.delete('alice');
      await announce('1 alice');
    });
    await expect(directory.exists(APP, user('alice'))).resolves.toBe(true);
    expect(directory.isKnown(APP, user('alice'))).toBe(false);
  });

  it('is bounded', async () => {
    const { directory } = await open(2);
    for (const name of ['alice', 'bob smith', 'carol']) await directory.exists(APP, user(name));
    expect(['alice', 'bob smith', 'carol'].map((name) => directory.isKnown(APP, user(name)))).toEqual([
      false,
      true,
      true,
    ]);
  });
});
