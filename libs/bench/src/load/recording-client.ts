// A chat user's device as an app would build it on the SDK, that writes down everything it does and sees.
import TencentCloudChat from '@parley/sdk';
import type { HistoryRecorder } from '../checker/history.js';

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

/** The name of a conversation in a history: its two users in byte order. */
export const conversationName = (a: string, b: string): string => [a, b].sort().join('+');

const C2C = 'C2C';
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
      for (const message of event.data) this.recordShown(message);
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

  /** Sends a text and records what became of it. Never rejects: a refused send is part of the history. */
  async send(peer: string, text: string): Promise<void> {
    const { recorder, userId, device } = this.options;
    const message = this.chat.createTextMessage({ to: peer, conversationType: C2C, payload: { text } });
    const id = message.ID;
    const conversation = conversationName(userId, peer);
    recorder.record({ kind: 'send', id, conversation, sender: userId, device, atMs: Date.now() });
    try {
      const result = await this.chat.sendMessage(message);
      recorder.record({ kind: 'ack', id, sequence: result.data.message.sequence, atMs: Date.now() });
    } catch (thrown) {
      recorder.record({ kind: 'fail', id, code: (thrown as { code?: number }).code ?? 0, atMs: Date.now() });
    }
  }

  async markRead(peer: string): Promise<void> {
    await this.chat.setMessageRead({ conversationID: C2C + peer });
  }

  /** The whole conversation as this device lists it, oldest first. */
  async listIds(peer: string): Promise<string[]> {
    const ids: string[] = [];
    let next: string | undefined;
    for (;;) {
      const { data } = await this.chat.getMessageList({
        conversationID: C2C + peer,
        ...(next ? { nextReqMessageID: next } : {}),
      });
      ids.unshift(...data.messageList.map((message: SeenMessage) => message.ID));
      if (data.isCompleted) return ids;
      next = data.nextReqMessageID;
    }
  }

  /** Unread as the conversation list shows it, without asking the server. */
  async unread(peer: string): Promise<number> {
    const { data } = await this.chat.getConversationList();
    const found = data.conversationList.find(
      (conversation: { conversationID: string }) => conversation.conversationID === C2C + peer,
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
      conversation: conversationName(userId, message.conversationID.slice(C2C.length)),
      id: message.ID,
      atMs: Date.now(),
    });
  }
}
