// The SDK object: checks what the app passes and shapes results as the compatible API
// does. What happens beneath a login is session/; the methods about groups are groups/.

import { onNetworkBack } from './connection/network-hint.js';
import { EVENT } from './constants/event.js';
import { TYPES } from './constants/types.js';
import { type EventHandler, EventHub } from './events/event-hub.js';
import { ChatFailure, FailureCode } from './events/failure.js';
import { Logger, LogLevel } from './events/logger.js';
import { createFollowMethods } from './follows/follow-methods.js';
import { createGroupMethods } from './groups/group-methods.js';
import { createChangeMethods } from './message-changes/change-methods.js';
import {
  type CreatableType,
  createAtDraft,
  createDraft,
  type DraftContext,
} from './messages/create-message.js';
import type {
  AtPayload,
  ChatResult,
  ChatSDK,
  ConversationFilter,
  ConversationListData,
  CreateMessageOptions,
  LoginData,
  LoginOptions,
  MessageListData,
  MessageListOptions,
  PartSDK,
  SendOptions,
} from './model/chat-sdk.js';
import type { Conversation } from './model/conversation.js';
import type { CustomPayload, FacePayload, LocationPayload, Message, TextPayload } from './model/message.js';
import { createProfileMethods } from './profiles/profile-methods.js';
import { createReceiptMethods } from './receipts/receipt-methods.js';
import { createRelationMethods } from './relations/relation-methods.js';
import { Login } from './session/login.js';
import type { SessionParts } from './session/session-parts.js';
import type { ChatSettings } from './session/settings.js';
import { createStatusMethods } from './statuses/status-methods.js';
import { selectConversations } from './sync/conversation-query.js';
import { createConversationView } from './sync/conversation-view.js';
import { requireConversation } from './sync/history.js';
import { createTopicMethods } from './topics/topic-methods.js';

type Nothing = Record<string, never>;

const succeed = <T>(data: T): ChatResult<T> => ({ code: 0, data });

/** The SDK object, as `create` gives it to the app. */
export function createChat(settings: ChatSettings, onDestroy: () => void): ChatSDK {
  const client = new ChatClient(settings, onDestroy);
  const parts = () => client.requireParts();
  return Object.assign(
    client,
    createGroupMethods(parts),
    createTopicMethods(parts),
    createProfileMethods(parts),
    createFollowMethods(parts),
    createRelationMethods(parts),
    createReceiptMethods(parts),
    createStatusMethods(parts),
    createChangeMethods(parts),
  );
}

class ChatClient implements Omit<ChatSDK, keyof PartSDK> {
  private readonly logger = new Logger();
  private readonly hub = new EventHub((name, thrown) => this.onListenerFailure(name, thrown));
  private readonly logins: Login;
  private readonly stopListening: () => void;
  private serverAheadMs = 0;

  constructor(
    private readonly settings: ChatSettings,
    private readonly onDestroy: () => void,
  ) {
    const { hub, logger } = this;
    const onServerTime = (serverTimeMs: number) => {
      this.serverAheadMs = serverTimeMs - settings.clock.now();
    };
    this.logins = new Login({ settings, hub, logger, onServerTime });
    this.stopListening = onNetworkBack(() => this.logins.hurry());
  }

  async login(options: LoginOptions): Promise<ChatResult<LoginData>> {
    return succeed(await this.logins.login(options));
  }

  async logout(): Promise<void> {
    await this.logins.logout();
    // The compatible typings say void while its documentation shows `{ data }`: both kinds of callers work.
    return succeed<Nothing>({}) as unknown as undefined;
  }

  async destroy(): Promise<void> {
    await this.logins.logout();
    this.stopListening();
    this.hub.clear();
    this.onDestroy();
  }

  on(eventName: string, handler: EventHandler, context?: unknown): void {
    this.hub.on(eventName, handler, context);
  }

  off(eventName: string, handler: EventHandler, context?: unknown): void {
    this.hub.off(eventName, handler, context);
  }

  isReady(): boolean {
    return this.logins.session?.phase === 'ready';
  }

  getLoginUser(): string {
    return this.logins.session?.userID ?? '';
  }

  getServerTime(): number {
    return Math.floor((this.settings.clock.now() + this.serverAheadMs) / 1000);
  }

  setLogLevel(level: number): void {
    const isLevel = (value: number): value is LogLevel => Object.values<number>(LogLevel).includes(value);
    if (!isLevel(level)) throw new ChatFailure(FailureCode.BAD_PARAMETER, 'the log level is 0 to 4');
    this.logger.level = level;
  }

  registerPlugin(options: object): void {
    this.logger.info('plug-ins registered', { names: Object.keys(options).join(' ') });
  }

  createTextMessage(options: CreateMessageOptions<TextPayload>): Message {
    return this.create(TYPES.MSG_TEXT, options);
  }

  createTextAtMessage(options: CreateMessageOptions<AtPayload>): Message {
    return createAtDraft(options, this.draftContext());
  }

  createCustomMessage(options: CreateMessageOptions<Partial<CustomPayload>>): Message {
    return this.create(TYPES.MSG_CUSTOM, options);
  }

  createFaceMessage(options: CreateMessageOptions<FacePayload>): Message {
    return this.create(TYPES.MSG_FACE, options);
  }

  createLocationMessage(options: CreateMessageOptions<LocationPayload>): Message {
    return this.create(TYPES.MSG_LOCATION, options);
  }

  async sendMessage(message: Message, options: SendOptions = {}): Promise<ChatResult<{ message: Message }>> {
    return succeed({ message: await this.logins.requireSession().send(message, options) });
  }

  async resendMessage(
    message: Message,
    options: SendOptions = {},
  ): Promise<ChatResult<{ message: Message }>> {
    const session = this.logins.requireSession();
    if (message?.status === 'success') return succeed({ message });
    return succeed({ message: await session.send(message, options) });
  }

  async getMessageList(options: MessageListOptions): Promise<ChatResult<MessageListData>> {
    return succeed(await this.logins.requireSession().parts.history.page(options));
  }

  async getConversationList(
    options?: string[] | ConversationFilter,
  ): Promise<ChatResult<ConversationListData>> {
    const session = this.logins.requireSession();
    const conversationList = selectConversations(session.parts.book.list(), options);
    return succeed({ conversationList, isSyncCompleted: session.phase === 'ready' });
  }

  async getConversationProfile(conversationID: string): Promise<ChatResult<{ conversation: Conversation }>> {
    const { book, heads } = this.logins.requireSession().parts;
    const address = requireConversation(conversationID);
    const state = book.get(address.id) ?? (await heads.refresh(address));
    return succeed({ conversation: state?.view ?? createConversationView(address) });
  }

  async setMessageRead(options: { conversationID: string }): Promise<ChatResult<Nothing>> {
    const { book, readMarks } = this.logins.requireSession().parts;
    const state = book.get(requireConversation(options?.conversationID).id);
    if (state !== undefined) await readMarks.markShown(state);
    return succeed({});
  }

  getTotalUnreadMessageCount(): number {
    return this.logins.session?.parts.book.totalUnread ?? 0;
  }

  findMessage(messageID: string): Message | null {
    return this.logins.session?.parts.store.find(messageID)?.message ?? null;
  }

  /** @throws ChatFailure 2024 when nobody is logged in. */
  requireParts(): SessionParts {
    return this.logins.requireSession().parts;
  }

  private create(type: CreatableType, options: CreateMessageOptions<object>): Message {
    return createDraft(type, options, this.draftContext());
  }

  private draftContext(): DraftContext {
    const { clock, random } = this.settings;
    return { from: this.getLoginUser(), nowMs: clock.now(), chance: random() };
  }

  private onListenerFailure(name: string, thrown: unknown): void {
    this.logger.error('a listener threw', { name, thrown: String(thrown) });
    if (name === EVENT.ERROR) return; // not again to the one that threw
    this.hub.emit(EVENT.ERROR, { code: FailureCode.CALLBACK_THREW, message: `a listener of ${name} threw` });
  }
}
