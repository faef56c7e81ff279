// A client as light as it can be: frames in, frames out, no conversation state.
// The generator must cost less than what it measures.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { contextv1, groupv1, messagev1, wirev1 } from '@parley/proto';
import { decodeServerFrame, encodeCallFrame, encodeHelloFrame, PROTOCOL_VERSION } from '@parley/wire';
import { WebSocket } from 'ws';
import {
  type ChatTarget,
  conversationIdOf,
  conversationTypeOf,
  groupTarget,
  userTarget,
} from './chat-target.js';

export interface RawClientOptions {
  readonly gatewayUrl: string;
  readonly sdkAppId: number;
  readonly userId: string;
  readonly userSig: string;
  /** {@link RawClient.resumeTicket} of the user's last connection. */
  readonly resumeTicket?: Uint8Array;
  /** Called for every push, with its encoded form; see {@link messageOf}. */
  readonly onPush?: (push: Uint8Array) => void;
}

const SEND = 10;
const LIST_MESSAGES = 11;
const GET_CONVERSATION = 14;
const CREATE_GROUP = 40;
const JOIN_GROUP = 48;
/** Calls are numbered from 1; the login waits under 0. */
const LOGIN = 0;
const NOTHING = new Uint8Array(0);

interface Waiter {
  readonly resolve: (response: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

const FIRST: Repetition = { attempt: 0, firstAttemptAgeMs: 0 };

/** How a message that was sent before under the same id is sent again. */
export interface Repetition {
  /** What was sent before. */
  readonly attempt: number;
  /** Since the first of them, whole ms. */
  readonly firstAttemptAgeMs: number;
}

interface Outgoing {
  readonly clientMessageId: string;
  readonly body: Uint8Array;
  readonly again: Repetition | undefined;
}

/** The message in a push, if it is one. */
export function messageOf(push: Uint8Array): messagev1.Message | undefined {
  const { event } = fromBinary(wirev1.PushSchema, push);
  return event.case === 'message' ? event.value : undefined;
}

/** One logged-in connection. */
export class RawClient {
  private readonly waiting = new Map<number, Waiter>();
  /** Encoded SendRequests without what changes from send to send, by receiver. */
  private readonly templates = new Map<string, { body: Uint8Array; bytes: Uint8Array }>();
  private nextId = 1;
  /** What the welcome brought for the next connection. */
  resumeTicket: Uint8Array = NOTHING;

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

  get userId(): string {
    return this.options.userId;
  }

  private async login(): Promise<void> {
    const { sdkAppId, userId, userSig, resumeTicket = NOTHING } = this.options;
    const welcome = new Promise((resolve, reject) => this.waiting.set(LOGIN, { resolve, reject }));
    const platform = contextv1.Platform.LINUX;
    const hello = {
      protocolVersion: PROTOCOL_VERSION,
      sdkAppId,
      userId,
      userSig,
      platform,
      instanceId: userId,
      resumeTicket,
    };
    this.socket.send(encodeHelloFrame(hello));
    await welcome;
  }

  /**
   * Sends one message to a user; resolves with the encoded SendResponse. `again`: not for the first time.
   * @throws Error on a refusal.
   */
  send(to: string, clientMessageId: string, body: Uint8Array, again?: Repetition): Promise<Uint8Array> {
    return this.sendTo(userTarget(to), { clientMessageId, body, again });
  }

  /** As send, to a group. */
  sendToGroup(groupId: string, clientMessageId: string, body: Uint8Array): Promise<Uint8Array> {
    return this.sendTo(groupTarget(groupId), { clientMessageId, body, again: undefined });
  }

  /** Makes a group that belongs to this client's user. @throws Error on a refusal. */
  async createGroup(groupId: string, type: string): Promise<void> {
    const fields = { name: groupId };
    const request = create(groupv1.CreateGroupRequestSchema, { groupId, type, fields, creationId: groupId });
    await this.call(CREATE_GROUP, toBinary(groupv1.CreateGroupRequestSchema, request));
  }

  /** @throws Error on a refusal. */
  async joinGroup(groupId: string): Promise<void> {
    const request = create(groupv1.JoinGroupRequestSchema, { groupId });
    await this.call(JOIN_GROUP, toBinary(groupv1.JoinGroupRequestSchema, request));
  }

  private sendTo(target: ChatTarget, { clientMessageId, body, again }: Outgoing): Promise<Uint8Array> {
    const changing = toBinary(
      messagev1.SendRequestSchema,
      create(messagev1.SendRequestSchema, { clientMessageId, random: this.nextId }),
    );
    // Fields of a message may come in any order, so the rest is encoded only once.
    const template = this.templateFor(target, body);
    const request = new Uint8Array(template.length + changing.length);
    request.set(template);
    request.set(changing, template.length);
    return this.call(SEND, request, again);
  }

  /** A page of a conversation: the newest one, or the one below `beforeSeq`. */
  async listMessages(
    target: ChatTarget,
    limit: number,
    beforeSeq = 0n,
  ): Promise<messagev1.ListMessagesResponse> {
    const request = create(messagev1.ListMessagesRequestSchema, {
      ...{ type: conversationTypeOf(target), peer: target.id, limit, beforeSeq },
    });
    const response = await this.call(LIST_MESSAGES, toBinary(messagev1.ListMessagesRequestSchema, request));
    return fromBinary(messagev1.ListMessagesResponseSchema, response);
  }

  /** The number up to which the user has read the conversation, as the server holds it. */
  async readSeq(target: ChatTarget): Promise<bigint> {
    const request = create(messagev1.GetConversationRequestSchema, {
      ...{ type: conversationTypeOf(target), peer: target.id },
    });
    const response = await this.call(
      GET_CONVERSATION,
      toBinary(messagev1.GetConversationRequestSchema, request),
    );
    return fromBinary(messagev1.GetConversationResponseSchema, response).conversation?.readSeq ?? 0n;
  }

  /** Reads nothing more, until resume. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Whoever closed it. */
  get isClosed(): boolean {
    return this.socket.readyState >= WebSocket.CLOSING;
  }

  close(): void {
    this.socket.terminate();
  }

  private templateFor(target: ChatTarget, body: Uint8Array): Uint8Array {
    const key = conversationIdOf(target);
    const known = this.templates.get(key);
    if (known?.body === body) return known.bytes;
    const bytes = toBinary(
      messagev1.SendRequestSchema,
      create(messagev1.SendRequestSchema, { to: target.id, type: conversationTypeOf(target), body }),
    );
    this.templates.set(key, { body, bytes });
    return bytes;
  }

  private call(method: number, request: Uint8Array, again = FIRST): Promise<Uint8Array> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.send(encodeCallFrame({ id, method, request, ...again }));
    });
  }

  private receive(data: Buffer): void {
    const frame = decodeServerFrame(data);
    if (frame.kind === 'reply') this.settle(frame.id, frame.code, frame.info, frame.response);
    else if (frame.kind === 'push') for (const push of frame.pushes) this.options.onPush?.(push);
    else if (frame.kind === 'welcome') this.welcome(frame.welcome.resumeTicket);
    else if (frame.kind === 'bye') this.failAll(`bye ${frame.bye.code} ${frame.bye.reason}`);
  }

  private welcome(resumeTicket: Uint8Array): void {
    this.resumeTicket = resumeTicket;
    this.settle(LOGIN, 0, '', NOTHING);
  }

  private settle(id: number, code: number, info: string, response: Uint8Array): void {
    const waiter = this.waiting.get(id);
    this.waiting.delete(id);
    if (code === 0) waiter?.resolve(response);
    else waiter?.reject(new Error(`${code} ${info}`));
  }

  private failAll(reason: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(reason));
    this.waiting.clear();
  }
}
