// The group service on a test platform: auth and message are played by the test, a gateway records.
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type AppId,
  type ChatError,
  ErrorCode,
  ChatError as Failure,
  type GroupId,
  type UserId,
} from '@parley/kernel';
import { authv1, groupv1, messagev1 } from '@parley/proto';
import {
  type CallContext,
  CallerRole,
  type Client,
  type Platform as ClientPlatform,
  Platform,
} from '@parley/rpc';
import { only } from '@parley/rpc/testing';
import { createTestPlatform, FakeClock, type TestPlatform } from '@parley/testkit';
import { type GroupConfig, manifest } from '../../src/index.js';

export const APP = 1_400_000_001 as AppId;
export const OTHER_APP = 1_400_000_777 as AppId;

const as = (role: CallerRole, userId: string, attempt = 0, appId = APP): CallContext => ({
  appId,
  userId: userId as UserId,
  role,
  platform: Platform.UNSPECIFIED as ClientPlatform,
  attempt,
});

export const user = (userId: string, attempt = 0): CallContext => as(CallerRole.USER, userId, attempt);
export const admin = as(CallerRole.ADMIN, 'administrator');
export const adminOf = (appId: AppId): CallContext => as(CallerRole.ADMIN, 'administrator', 0, appId);
export const service = as(CallerRole.SERVICE, 'message');

/** The code that a call is refused with; 0 when it is not refused. */
export const codeOf = (call: Promise<unknown>): Promise<number> =>
  call.then(
    () => 0,
    (error: ChatError) => error.code,
  );

export interface Said {
  readonly to: string;
  readonly isGroup: boolean;
  readonly flags: number;
  readonly dedupKey: string;
  readonly element: string;
  // biome-ignore lint/suspicious/noExplicitAny: content of elements as apps read it
  readonly content: any;
}

/** What the message service would remember. */
export class FakeMessages {
  /** Accounts that auth knows no longer. */
  readonly deleted = new Set<string>();
  /** By dedup key, as the real one: a copy is the same message. */
  readonly said = new Map<string, Said>();
  readonly open = new Map<string, { withHistory: boolean; unread: number }>();
  /** Every group has the messages up to here. */
  headSeq = 20n;
  isAway = false;

  tips(groupId: string): Said[] {
    return [...this.said.values()].filter((one) => one.isGroup && one.to === groupId);
  }

  notices(userId: string): Said[] {
    return [...this.said.values()].filter((one) => !one.isGroup && one.to === userId);
  }

  isOpen(groupId: string, userId: string): boolean {
    return this.open.has(`${groupId} ${userId}`);
  }

  readonly handlers = only(messagev1.MessageService, {
    send: async (request) => {
      this.#check();
      const [element] = JSON.parse(new TextDecoder().decode(request.body));
      this.said.set(`${request.to} ${request.dedupKey}`, {
        to: request.to,
        isGroup: request.type === messagev1.ConversationType.GROUP,
        flags: request.flags,
        dedupKey: request.dedupKey,
        element: element.MsgType,
        content: element.MsgContent,
      });
      return {};
    },
    listMessages: async ({ beforeSeq }) => {
      this.#check();
      const newest = beforeSeq > this.headSeq ? this.headSeq : beforeSeq - 1n;
      return { messages: newest < 1n ? [] : [{ seq: newest }] };
    },
    openConversations: async ({ groupId, userIds, withHistory, unreadCounts }) => {
      this.#check();
      userIds.forEach((userId, at) => {
        const key = `${groupId} ${userId}`;
        if (!this.open.has(key)) this.open.set(key, { withHistory, unread: unreadCounts[at] ?? 0 });
      });
      return {};
    },
    closeConversations: async ({ groupId, userIds }) => {
      this.#check();
      for (const userId of userIds) this.open.delete(`${groupId} ${userId}`);
      return {};
    },
  });

  #check(): void {
    if (this.isAway) throw new Failure(ErrorCode.UNAVAILABLE, 'away');
  }
}

/** Fields of a request, as a caller writes them. */
type Fields<S extends typeof groupv1.CreateGroupRequestSchema> = Exclude<
  MessageInitShape<S>,
  { readonly $typeName: string }
>;

export class GroupWorld {
  private constructor(
    readonly clock: FakeClock,
    readonly test: TestPlatform,
    readonly messages: FakeMessages,
  ) {}

  static async open(config: Partial<GroupConfig> = {}): Promise<GroupWorld> {
    const clock = new FakeClock();
    const test = await createTestPlatform({ clock });
    const messages = new FakeMessages();
    serveOthers(test, messages);
    await test.startService(manifest, config);
    return new GroupWorld(clock, test, messages);
  }

  get groups(): Client<typeof groupv1.GroupService> {
    return this.test.client(groupv1.GroupService);
  }

  close(): Promise<void> {
    return this.test.close();
  }

  /** A group with its owner, admins and members; answers its id. */
  async group(
    type: string,
    people: { owner?: string; admins?: readonly string[]; members?: readonly string[] } = {},
    more: Fields<typeof groupv1.CreateGroupRequestSchema> = {},
  ): Promise<GroupId> {
    const { owner = 'olga', admins = [], members = [] } = people;
    const { group } = await this.groups.createGroup(
      {
        type,
        owner,
        members: [
          ...admins.map((userId) => ({ userId, role: groupv1.Role.ADMIN })),
          ...members.map((userId) => ({ userId })),
        ],
        ...more,
      },
      admin,
    );
    return group!.groupId as GroupId;
  }

  async memberIds(groupId: string): Promise<string[]> {
    const { members } = await this.groups.listMembers({ groupId, limit: 200 }, admin);
    return members.map((member) => member.userId);
  }

  async info(groupId: string): Promise<groupv1.Group> {
    const { groups } = await this.groups.getGroups({ groupIds: [groupId] }, admin);
    return groups[0]!.group!;
  }
}

/** Auth knows everybody whose name does not begin with `nobody`. */
export function serveOthers(test: Pick<TestPlatform, 'serve'>, messages: FakeMessages): void {
  test.serve(
    authv1.AuthService,
    only(authv1.AuthService, {
      checkAccounts: async ({ userIds }) => ({
        accounts: userIds.map((userId) => ({
          userId,
          isImported: !userId.startsWith('nobody') && !messages.deleted.has(userId),
        })),
      }),
    }),
  );
  test.serve(messagev1.MessageService, messages.handlers);
}
