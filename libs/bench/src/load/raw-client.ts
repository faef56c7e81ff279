// A client as light as it can be: frames in, frames out, no conversation state.
// The generator must cost less than what it measures.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { contextv1, messagev1, wirev1 } from '@parley/proto';
import { WebSocket } from 'ws';

export interface RawClientOptions {
  readonly gatewayUrl: string;
  readonly sdkAppId: number;
  readonly userId: string;
  readonly userSig: string;
  /** Called for every pushed message. */
  readonly onPush?: (push: wirev1.Push) => void;
}

const SEND = 10;
const LIST_MESSAGES = 11;
const GET_CONVERSATION = 14;
const { C2C } = messagev1.ConversationType;

type Waiter = { resolve: (reply: wirev1.Reply) => void; reject: (error: Error) => void };

/** One logged-in connection. Not thrifty with promises: one a call. */
export class RawClient {
  private readonly waiting = new Map<number, Waiter>();
  private nextId = 1;

  private constructor(
    private readonly socket: WebSocket,
    private readonly options: RawClientOptions,
  ) {
    socket.on('message', (data: Buffer) => this.receive(data));
    socket.on('close', () => this.failAll('the connection closed'));
    socket.on('error', (error) => this.failAll(error.message));
  }

  /** Connects and logs in. @throws Error with the server's reason when it refuses. */
  static async connect(options: RawClientOptions): Promise<RawClient> {
    const socket = new WebSocket(options.gatewayUrl, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const client = new RawClient(socket, options);
    await client.login();
    return client;
  }

  private async login(): Promise<void> {
    const { sdkAppId, userId, userSig } = this.options;
    const welcome = new Promise<wirev1.Reply>((resolve, reject) => this.waiting.set(0, { resolve, reject }));
    this.write({
      case: 'hello',
      value: create(wirev1.HelloSchema, {
        protocolVersion: 1,
        sdkAppId,
        userId,
        userSig,
        platform: contextv1.Platform.LINUX,
        sdkVersion: 'bench',
        instanceId: userId,
      }),
    });
    await welcome;
  }

  /** Sends one text to a user; resolves with the ack. @throws Error on a refusal. */
  async send(to: string, clientMessageId: string, body: Uint8Array): Promise<messagev1.SendResponse> {
    const request = toBinary(
      messagev1.SendRequestSchema,
      create(messagev1.SendRequestSchema, {
        to,
        type: C2C,
        clientMessageId,
        random: this.nextId,
        body,
      }),
    );
    return fromBinary(messagev1.SendResponseSchema, await this.call(SEND, request));
  }

  /** A page of the conversation with a user: the newest one, or the one below `beforeSeq`. */
  async listMessages(peer: string, limit: number, beforeSeq = 0n): Promise<messagev1.ListMessagesResponse> {
    const request = create(messagev1.ListMessagesRequestSchema, { type: C2C, peer, limit, beforeSeq });
    const response = await this.call(LIST_MESSAGES, toBinary(messagev1.ListMessagesRequestSchema, request));
    return fromBinary(messagev1.ListMessagesResponseSchema, response);
  }

  /** The number up to which the user has read the conversation, as the server holds it. */
  async readSeq(peer: string): Promise<bigint> {
    const request = create(messagev1.GetConversationRequestSchema, { type: C2C, peer });
    const response = await this.call(
      GET_CONVERSATION,
      toBinary(messagev1.GetConversationRequestSchema, request),
    );
    return fromBinary(messagev1.GetConversationResponseSchema, response).conversation?.readSeq ?? 0n;
  }

  close(): void {
    this.socket.terminate();
  }

  private async call(method: number, request: Uint8Array): Promise<Uint8Array> {
    const id = this.nextId++;
    const reply = await new Promise<wirev1.Reply>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.write({ case: 'call', value: create(wirev1.CallSchema, { id, method, request }) });
    });
    if (reply.code !== 0) throw new Error(`${reply.code} ${reply.info}`);
    return reply.response;
  }

  private write(frame: wirev1.ClientFrame['frame']): void {
    this.socket.send(toBinary(wirev1.ClientFrameSchema, create(wirev1.ClientFrameSchema, { frame })));
  }

  private receive(data: Buffer): void {
    const { frame } = fromBinary(wirev1.ServerFrameSchema, data);
    if (frame.case === 'reply') this.settle(frame.value.id, frame.value);
    else if (frame.case === 'welcome') this.settle(0, create(wirev1.ReplySchema));
    else if (frame.case === 'bye') this.failAll(`bye ${frame.value.code} ${frame.value.reason}`);
    else if (frame.case === 'push') for (const push of frame.value.pushes) this.options.onPush?.(push);
  }

  private settle(id: number, reply: wirev1.Reply): void {
    this.waiting.get(id)?.resolve(reply);
    this.waiting.delete(id);
  }

  private failAll(reason: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(reason));
    this.waiting.clear();
  }
}
