// The REST door over the real services and engines, as an app's back end sees it.
import { manifest as auth, authConfig } from '@parley/auth';
import { type GroupConfig, manifest as group } from '@parley/group';
import { type AppId, ChatError, SYSTEM_USER_ID, type UserId } from '@parley/kernel';
import { manifest as message } from '@parley/message';
import { type ProfileConfig, manifest as profile } from '@parley/profile';
import { groupv1, messagev1 } from '@parley/proto';
import { type RestApi, restApiManifest } from '@parley/rest-api';
import { type CallContext, CallerRole, Platform as ClientPlatform } from '@parley/rpc';
import { createTestPlatform, type FakeGateway, type TestPlatform } from '@parley/testkit';
import { createUserSig } from '@parley/usersig';

export const APP = authConfig.fields.bootstrapAppId.default as AppId;
export const ADMIN = authConfig.fields.bootstrapAdmin.default;
const SECRET = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';

export type Reply = Record<string, unknown>;

export class RestWorld {
  #users = 0;

  private constructor(
    private readonly platform: TestPlatform,
    readonly gateway: FakeGateway,
    private readonly api: RestApi,
  ) {}

  static async start(
    groupConfig: Partial<GroupConfig> = {},
    profileConfig: Partial<ProfileConfig> = {},
  ): Promise<RestWorld> {
    const platform = await createTestPlatform();
    const gateway = await platform.startGateway();
    await platform.startService(auth, { bootstrapAppKey: SECRET });
    await platform.startService(message);
    await platform.startService(group, groupConfig);
    await platform.startService(profile, profileConfig);
    const api = (await platform.startService(restApiManifest, { port: 0, rateFactor: 0 })) as RestApi;
    return new RestWorld(platform, gateway, api);
  }

  close(): Promise<void> {
    return this.platform.close();
  }

  /** A command by its path behind /v4/, as the app's admin calls it. */
  async call(command: string, body: unknown): Promise<Reply> {
    const userSig = createUserSig({ sdkAppId: APP, userId: ADMIN, key: SECRET, expireSeconds: 3600 });
    const query = new URLSearchParams({
      sdkappid: String(APP),
      identifier: ADMIN,
      usersig: userSig,
      random: '1',
      contenttype: 'json',
    });
    const url = `${this.api.url}/v4/${command}?${query}`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    expect(response.status).toBe(200);
    return (await response.json()) as Reply;
  }

  /** The user comes into a group, with all devices that are connected. */
  async join(userId: string, groupId: string): Promise<void> {
    await this.platform.client(groupv1.GroupService).joinGroup({ groupId }, asUser(userId));
  }

  /** The user, not the back end, says something in a group; answers the code. */
  async say(userId: string, groupId: string): Promise<number> {
    const body = new TextEncoder().encode('[{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi"}}]');
    const type = messagev1.ConversationType.GROUP;
    const clientMessageId = `said-${this.#users++}`;
    const messages = this.platform.client(messagev1.MessageService);
    return messages.send({ type, to: groupId, body, clientMessageId }, asUser(userId)).then(
      () => 0,
      (thrown: unknown) => ChatError.from(thrown).code,
    );
  }

  /** Numbers of the messages of a group that the user sees. */
  async seen(userId: string, groupId: string): Promise<bigint[]> {
    const request = { type: messagev1.ConversationType.GROUP, peer: groupId };
    const messages = this.platform.client(messagev1.MessageService);
    return (await messages.listMessages(request, asUser(userId))).messages.map(({ seq }) => seq);
  }

  /** Contents of the platform's notices to the user. */
  async notices(userId: string): Promise<Record<string, unknown>[]> {
    const messages = this.platform.client(messagev1.MessageService);
    const request = { type: messagev1.ConversationType.C2C, peer: SYSTEM_USER_ID, limit: 100 };
    const page = await messages.listMessages(request, asUser(userId));
    return page.messages.map(({ body }) => JSON.parse(new TextDecoder().decode(body))[0].MsgContent);
  }

  /** A group as it stands among the conversations of the user. */
  async conversation(userId: string, groupId: string): Promise<messagev1.Conversation | undefined> {
    const request = { type: messagev1.ConversationType.GROUP, peer: groupId };
    const messages = this.platform.client(messagev1.MessageService);
    return (await messages.getConversation(request, asUser(userId))).conversation;
  }

  /** The user pins a message of a group; answers the code. */
  async pin(userId: string, groupId: string, msgSeq: number): Promise<number> {
    const groups = this.platform.client(groupv1.GroupService);
    return groups.pinMessage({ groupId, msgSeq: BigInt(msgSeq) }, asUser(userId)).then(
      () => 0,
      (thrown: unknown) => ChatError.from(thrown).code,
    );
  }

  /** Fresh accounts, so that tests do not meet. */
  async newUsers(count: number): Promise<string[]> {
    const Accounts = Array.from({ length: count }, () => `user${this.#users++}`);
    expect(await this.call('im_open_login_svc/multiaccount_import', { Accounts })).toMatchObject({
      ErrorCode: 0,
    });
    return Accounts;
  }
}

const asUser = (userId: string): CallContext => ({
  appId: APP,
  userId: userId as UserId,
  role: CallerRole.USER,
  platform: ClientPlatform.WEB,
  attempt: 0,
});
