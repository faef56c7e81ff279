import { create } from '@bufbuild/protobuf';
import type { AppId, UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { FakeClock } from '@parley/testkit';
import { ADMINS_REMEMBERED_MAX, AdminIdentity, SIGNATURES_REMEMBERED_MAX } from './admin-identity.js';

const claim = (identifier: string, userSig = 'sig', appId = 1) => ({
  appId: appId as AppId,
  identifier: identifier as UserId,
  userSig,
});

describe('AdminIdentity', () => {
  const clock = new FakeClock();
  let asked: string[];
  let identity: AdminIdentity;

  beforeEach(() => {
    asked = [];
    const verifyUserSig = async ({ userId = '', userSig = '' }: { userId?: string; userSig?: string }) => {
      asked.push(`${userId} ${userSig}`);
      const expiresAtMs = BigInt(clock.now() + 1_000_000);
      return create(authv1.VerifyUserSigResponseSchema, { isAdmin: true, expiresAtMs });
    };
    identity = new AdminIdentity({ auth: { verifyUserSig }, clock });
  });

  it('remembers a bounded number of signatures of one admin', async () => {
    for (let index = 0; index <= SIGNATURES_REMEMBERED_MAX; index++) {
      await identity.require(claim('root', `sig${index}`), 0);
    }
    asked = [];
    await identity.require(claim('root', `sig${SIGNATURES_REMEMBERED_MAX}`), 0);
    await identity.require(claim('root', 'sig1'), 0);
    expect(asked).toEqual([]);
    await identity.require(claim('root', 'sig0'), 0);
    expect(asked).toEqual(['root sig0']);
  });

  it('remembers a bounded number of admins', async () => {
    for (let index = 0; index <= ADMINS_REMEMBERED_MAX; index++)
      await identity.require(claim(`a${index}`), 0);
    asked = [];
    await identity.require(claim(`a${ADMINS_REMEMBERED_MAX}`), 0);
    expect(asked).toEqual([]);
    await identity.require(claim('a0'), 0);
    expect(asked).toEqual(['a0 sig']);
  });

  it('forgets one admin, also one whose id has spaces, or all of an app and of no other', async () => {
    const admins = [claim('two words'), claim('root'), claim('root', 'sig', 11)];
    for (const each of admins) await identity.require(each, 0);
    identity.forget('1 two words');
    asked = [];
    for (const each of admins) await identity.require(each, 0);
    expect(asked).toEqual(['two words sig']);
    identity.forget('1');
    asked = [];
    for (const each of admins) await identity.require(each, 0);
    expect(asked).toEqual(['two words sig', 'root sig']);
  });
});
