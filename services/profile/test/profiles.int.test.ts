// Profiles over RPC, on the embedded engines.
import { type AppId, ErrorCode, type UserId } from '@parley/kernel';
import { authv1, profilev1 } from '@parley/proto';
import { type CallContext, CallerRole, Platform } from '@parley/rpc';
import { createTestPlatform, type TestPlatform } from '@parley/testkit';
import { manifest } from '../src/index.js';
import { only } from './support/only.js';

const APP = 1_400_000_001 as AppId;
const context = (userId: string, role: CallerRole): CallContext => ({
  appId: APP,
  userId: userId as UserId,
  role,
  platform: Platform.WEB,
  attempt: 0,
});
const alice = context('alice', CallerRole.USER);
const admin = context('administrator', CallerRole.ADMIN);

describe('profiles', () => {
  let test: TestPlatform;

  beforeAll(async () => {
    test = await createTestPlatform();
    test.serve(
      authv1.AuthService,
      only(authv1.AuthService, {
        checkAccounts: async ({ userIds }) => ({
          accounts: userIds.map((userId) => ({ userId, isImported: !userId.startsWith('nobody') })),
        }),
      }),
    );
    await test.startService(manifest);
  });

  afterAll(() => test.close());

  it('are empty at first, and an unknown account fails alone', async () => {
    const profiles = test.client(profilev1.ProfileService);
    const { results } = await profiles.getProfiles({ userIds: ['alice', 'nobody'] }, admin);
    expect(results.map(({ profile, code }) => [profile?.userId, profile?.items, code])).toEqual([
      ['alice', [], 0],
      ['nobody', [], ErrorCode.PROFILE_ACCOUNT_NOT_FOUND],
    ]);
    const own = await profiles.getProfiles({}, alice);
    expect(own.results[0]?.profile?.userId).toBe('alice');
  });
});
