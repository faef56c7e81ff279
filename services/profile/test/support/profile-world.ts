// The profile service on embedded engines, with accounts that exist unless they are called nobody.
import { type AppId, ChatError, type UserId } from '@parley/kernel';
import { authv1, profilev1 } from '@parley/proto';
import { type CallContext, CallerRole, Platform } from '@parley/rpc';
import { only } from '@parley/rpc/testing';
import { createTestPlatform, FakeClock, type FakeGateway, type TestPlatform } from '@parley/testkit';
import { manifest, type ProfileConfig } from '../../src/index.js';

export const APP = 1_400_000_001 as AppId;

const contextOf = (userId: string, role: CallerRole): CallContext => ({
  appId: APP,
  userId: userId as UserId,
  role,
  platform: Platform.WEB,
  attempt: 0,
});

export const user = (userId: string): CallContext => contextOf(userId, CallerRole.USER);
export const admin = contextOf('administrator', CallerRole.ADMIN);
export const service = contextOf('message', CallerRole.SERVICE);

export const text = (tag: string, value: string) => ({ tag, value: { case: 'text' as const, value } });
export const number = (tag: string, value: number) => ({ tag, value: { case: 'number' as const, value } });

export const codeOf = (call: Promise<unknown>): Promise<number> =>
  call.then(
    () => 0,
    (thrown: unknown) => ChatError.from(thrown).code,
  );

export class ProfileWorld {
  private constructor(
    readonly test: TestPlatform,
    readonly clock: FakeClock,
    readonly gateway: FakeGateway,
  ) {}

  static async start(config: Partial<ProfileConfig> = {}): Promise<ProfileWorld> {
    const clock = new FakeClock();
    const test = await createTestPlatform({ clock });
    const gateway = await test.startGateway();
    test.serve(
      authv1.AuthService,
      only(authv1.AuthService, {
        checkAccounts: async ({ userIds }) => ({
          accounts: userIds.map((userId) => ({ userId, isImported: !userId.startsWith('nobody') })),
        }),
      }),
    );
    await test.startService(manifest, config);
    return new ProfileWorld(test, clock, gateway);
  }

  get profiles() {
    return this.test.client(profilev1.ProfileService);
  }

  /** Tags and values that are stored, as services see them. */
  async stored(userId: string): Promise<Record<string, unknown>> {
    const { results } = await this.profiles.getProfiles({ userIds: [userId] }, service);
    return Object.fromEntries((results[0]?.profile?.items ?? []).map(({ tag, value }) => [tag, value.value]));
  }

  /** What a connection was told of profiles. */
  eventsTo(connectionId: string): profilev1.ProfileEvent[] {
    return this.gateway.pushes.flatMap(({ connectionId: to, push: { event } }) =>
      to === connectionId && event.case === 'profile' ? [event.value] : [],
    );
  }

  close(): Promise<void> {
    return this.test.close();
  }
}
