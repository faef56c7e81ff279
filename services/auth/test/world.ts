// The auth service on a test platform, with a gateway that records, and the
// callers that its methods allow.
import type { AppId, ChatError, ConnectionId, UserId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { type CallContext, CallerRole, type Client, Platform } from '@parley/rpc';
import { createTestPlatform, FakeClock, type FakeGateway, type TestPlatform } from '@parley/testkit';
import { createUserSig } from '@parley/usersig';
import { type AuthConfig, manifest } from '../src/index.js';

export const APP = 1_400_000_001 as AppId;
export const OTHER_APP = 1_400_000_777 as AppId;
export const KEY = '0123456789abcdef'.repeat(4);

const as = (role: CallerRole, appId: number, userId: string): CallContext => ({
  appId: appId as AppId,
  userId: userId as UserId,
  role,
  platform: Platform.UNSPECIFIED,
  attempt: 0,
});

export const service = as(CallerRole.SERVICE, APP, 'gateway');
export const admin = as(CallerRole.ADMIN, APP, 'administrator');
export const operator = as(CallerRole.OPERATOR, 0, 'root');
export const user = (userId: string, connectionId: ConnectionId): CallContext => ({
  ...as(CallerRole.USER, APP, userId),
  connectionId,
});

export interface LoginInput {
  readonly userId: string;
  readonly platform?: Platform;
  readonly instanceId?: string;
  readonly userSig?: string;
  readonly appId?: number;
}

export interface ResumeInput {
  readonly ticket: Uint8Array;
  readonly instanceId?: string;
  readonly platform?: Platform;
}

/** The code that a call is refused with; 0 when it is not refused. */
export const codeOf = (call: Promise<unknown>): Promise<number> =>
  call.then(
    () => 0,
    (error: ChatError) => error.code,
  );

export class AuthWorld {
  private constructor(
    readonly clock: FakeClock,
    public test: TestPlatform,
    public gateway: FakeGateway,
  ) {}

  static async open(config: Partial<AuthConfig> = {}): Promise<AuthWorld> {
    // Shortly before a whole second: a kick waits for the next one in real time.
    const clock = new FakeClock(Date.UTC(2026, 0, 1) + 990);
    const test = await createTestPlatform({ clock });
    await test.startService(manifest, { bootstrapAppKey: KEY, ...config });
    return new AuthWorld(clock, test, await test.startGateway());
  }

  async restart(): Promise<void> {
    this.test = await this.test.reopen();
    this.gateway = await this.test.startGateway();
  }

  close(): Promise<void> {
    return this.test.close();
  }

  get auth(): Client<typeof authv1.AuthService> {
    return this.test.client(authv1.AuthService);
  }

  get apps(): Client<typeof authv1.AppService> {
    return this.test.client(authv1.AppService);
  }

  get nowSeconds(): number {
    return Math.floor(this.clock.now() / 1000);
  }

  sign(userId: string, overrides: Partial<Parameters<typeof createUserSig>[0]> = {}): string {
    const nowSeconds = this.nowSeconds;
    return createUserSig({ sdkAppId: APP, userId, key: KEY, expireSeconds: 3_600, nowSeconds, ...overrides });
  }

  /** Logs in over a new connection of the recording gateway. */
  async login(input: LoginInput): Promise<{ connectionId: ConnectionId; answer: authv1.LoginResponse }> {
    const connectionId = this.gateway.newConnectionId();
    const appId = (input.appId ?? APP) as AppId;
    this.gateway.attach(appId, input.userId, connectionId);
    // Two logins of one moment are ordered by their ids; people are slower.
    this.clock.advance(1);
    const answer = await this.auth.login(
      {
        sdkAppId: appId,
        userId: input.userId,
        userSig: input.userSig ?? this.sign(input.userId, { sdkAppId: appId }),
        platform: input.platform ?? Platform.WEB,
        instanceId: input.instanceId ?? `instance-${connectionId}`,
        connectionId,
        nodeId: this.test.platform.nodeId,
      },
      service,
    );
    return { connectionId, answer };
  }

  /** The same instance comes back over a new connection. */
  async resume(
    userId: string,
    { ticket, instanceId = 'phone', platform = Platform.WEB }: ResumeInput,
  ): Promise<{ connectionId: ConnectionId; answer: authv1.ResumeResponse }> {
    const connectionId = this.gateway.newConnectionId();
    this.gateway.attach(APP, userId, connectionId);
    const { nodeId } = this.test.platform;
    const request = { sdkAppId: APP, userId, ticket, platform, instanceId, connectionId, nodeId };
    return { connectionId, answer: await this.auth.resume(request, service) };
  }

  async sessionsOf(userId: string): Promise<ConnectionId[]> {
    const sessions = await this.test.platform.sessions.sessionsOf(APP, userId as UserId);
    return sessions.map((session) => session.connectionId).sort();
  }

  verify(userId: string, userSig: string): Promise<authv1.VerifyUserSigResponse> {
    return this.auth.verifyUserSig({ sdkAppId: APP, userId, userSig }, service);
  }

  importUsers(...userIds: string[]): Promise<authv1.ImportAccountsResponse> {
    return this.auth.importAccounts({ accounts: userIds.map((userId) => ({ userId })) }, admin);
  }

  auditLines(): { event: string; fields: Readonly<Record<string, unknown>> }[] {
    return this.test.logged.lines.filter((line) => line.fields.audit === true);
  }
}
