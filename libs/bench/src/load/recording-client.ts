// A chat user's device as an app would build it on the SDK, that writes down everything it does and sees.
import TencentCloudChat from '@parley/sdk';
import type { HistoryRecorder } from '../checker/history.js';
import { type ChatTarget, conversationIdOf, conversationName, targetOf } from './chat-target.js';

type Chat = ReturnType<typeof TencentCloudChat.create>;

export interface RecordingClientOptions {
  readonly gatewayUrl: string;
  readonly sdkAppId: number;
  readonly userId: string;
  readonly userSig: string;
  /** Unique among the devices of a run. */
  readonly device: string;
  readonly recorder: HistoryRecorder;
}

interface SeenMessage {
  readonly ID: string;
  readonly conversationID: string;
}

const READY_WITHIN_MS = 30_000;

export class RecordingClient {
  private readonly chat: Chat;

  constructor(readonly options: RecordingClientOptions) {
    this.chat = TencentCloudChat.create({
      SDKAppID: options.sdkAppId,
      gatewayUrl: options.gatewayUrl,
      instanceID: options.device,
    });
    this.chat.setLogLevel(4);
    this.chat.on(TencentCloudChat.EVENT.MESSAGE_RECEIVED, (event: { data: SeenMessage[] }) => {
      for (const message of event.data) {
        // Notices to persons are no messages of a conversation that is judged.
        if (message.conversationID !== TencentCloudChat.TYPES.CONV_SYSTEM) this.recordShown(message);
      }
    });
  }

  /** Logs in and waits until the SDK is ready. @throws Error when it does not become ready in time. */
  async start(): Promise<void> {
    const ready = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.options.device} is not ready`)),
        READY_WITHIN_MS,
      );
      this.chat.on(TencentCloudChat.EVENT.SDK_READY, () => {
        clearTimeout(timer);
        resolve();
      });
    });
    await this.chat.login({ userID: this.options.userId, userSig: this.options.userSig });
    await ready;
  }

  /** Makes a group that belongs to this user and has these members too. @throws the SDK's error on a refusal. */
  async createGroup(groupID: string, type: string, members: readonly string[]): Promise<void> {
    const memberList = members.map((userID) => ({ userID }));
    // The public typings know the built-in types only.
    const known = type as typeof TencentCloudChat.TYPES.GRP_PUBLIC;
    await this.chat.createGroup({ groupID, type: known, name: groupID, memberList });
  }

  /** Sends a text and records what became of it. Never rejects: a refused send is part of the history. */
  async send(target: ChatTarget, text: string): Promise<void> {
    const { recorder, userId, device } = this.options;
    const { kind: conversationType, id: to } = target;
    const message = this.chat.createTextMessage({ to, conversationType, payload: { text } });
    const id = message.ID;
    const conversation = conversationName(userId, target);
    recorder.record({ kind: 'send', id, conversation, sender: userId, device, atMs: Date.now() });
    try {
      const result = await this.chat.sendMessage(message);
      recorder.record({ kind: 'ack', id, sequence: result.data.message.sequence, atMs: Date.now() });
    } catch (thrown) {
      recorder.record({ kind: 'fail', id, code: (thrown as { code?: number }).code ?? 0, atMs: Date.now() });
    }
  }

  async markRead(target: ChatTarget): Promise<void> {
    await this.chat.setMessageRead({ conversationID: conversationIdOf(target) });
  }

  /** The whole conversation as this device lists it, oldest first. */
  async listIds(target: ChatTarget): Promise<string[]> {
    const ids: string[] = [];
    let next: string | undefined;
    for (;;) {
      const { data } = await this.chat.getMessageList({
        conversationID: conversationIdOf(target),
        ...(next ? { nextReqMessageID: next } : {}),
      });
      ids.unshift(...data.messageList.map((message: SeenMessage) => message.ID));
      if (data.isCompleted) return ids;
      next = data.nextReqMessageID;
    }
  }

  /** Unread as the conversation list shows it, without asking the server. */
  async unread(target: ChatTarget): Promise<number> {
    const { data } = await this.chat.getConversationList();
    const wanted = conversationIdOf(target);
    const found = data.conversationList.find(
      ({ conversationID }: { conversationID: string }) => conversationID === wanted,
    );
    return found?.unreadCount ?? 0;
  }

  async stop(): Promise<void> {
    await this.chat.destroy();
  }

  private recordShown(message: SeenMessage): void {
    const { recorder, userId, device } = this.options;
    recorder.record({
      kind: 'shown',
      device,
      conversation: conversationName(userId, targetOf(message.conversationID)),
      id: message.ID,
      atMs: Date.now(),
    });
  }
}
