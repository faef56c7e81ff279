// A small chat server that speaks the SDK's protocol, for tests: over any pipe of
// binary frames, with faults on demand. Real sockets: socket-server.ts; sockets in
// memory and virtual time: memory-socket.ts.
import { create, type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { messagev1, wirev1 } from '@parley/proto';
import {
  ByeCode,
  type CallFrame,
  decodeClientFrame,
  encodeByeFrame,
  encodeMoveFrame,
  encodePongFrame,
  encodePushFrame,
  encodeReplyFrame,
  encodeResyncFrame,
  encodeWelcomeFrame,
  formatLoginRefusal,
} from '@parley/wire';
import { METHOD } from '../calls/method.js';
import { communityOf } from '../messages/conversation-kind.js';
import { ChangeModel, isChangeMethod, type TellChange } from './change-model.js';
import { ChatModel } from './chat-model.js';
import { FollowModel, isFollowMethod } from './follow-handlers.js';
import { type GroupCaller, handleGroupCall, isGroupMethod } from './group-handlers.js';
import { GroupModel } from './group-model.js';
import { METHOD_OF, type MethodName } from './method-names.js';
import { createPlatformVoice } from './platform-voice.js';
import { isPresenceMethod, PresenceModel } from './presence-handlers.js';
import { isProfileMethod, ProfileModel } from './profile-handlers.js';
import { isReceiptMethod, ReceiptModel } from './receipt-handlers.js';
import { Refusal } from './refusal.js';
import { handleRelationCall, isRelationMethod } from './relation-handlers.js';
import { RelationModel } from './relation-model.js';
import { type CallFate, type Faults, NO_FAULTS } from './server-faults.js';
import { type Pipe, type ProtocolServerOptions, sigOf, ticketOf } from './server-options.js';
import { isTopicMethod, TopicModel } from './topic-handlers.js';

export { type CallFate, type Faults, NO_FAULTS, type PushFate } from './server-faults.js';

export { type Pipe, type ProtocolServerOptions, sigOf, ticketOf } from './server-options.js';

export class ProtocolServer {
  readonly model: ChatModel;
  readonly groups: GroupModel;
  readonly relations: RelationModel;
  readonly receipts: ReceiptModel;
  readonly topics: TopicModel;
  readonly changes: ChangeModel;
  readonly profiles = new ProfileModel((users, event) => this.push(users, event));
  readonly presence = new PresenceModel({
    push: (users, event) => this.push(users, event),
    isConnected: (user) => [...this.connections].some((connection) => connection.user === user),
  });
  readonly follows = new FollowModel((users, event) => this.push(users, event));
  faults: Faults = { ...NO_FAULTS };
  readonly connections = new Set<ServerConnection>();
  /** Every call that arrived, by method. */
  readonly calls: {
    readonly method: MethodName;
    readonly user: string;
    readonly attempt: number;
    readonly firstAttemptAgeMs: number;
  }[] = [];
  hellos = 0;

  constructor(readonly options: ProtocolServerOptions) {
    this.model = new ChatModel(options.now);
    this.relations = new RelationModel(options.now, (users, event) => this.push(users, event));
    this.changes = new ChangeModel(this.model);
    this.groups = new GroupModel(options.now, createPlatformVoice(this));
    this.receipts = new ReceiptModel(this.model, this.groups, (users, event) => this.push(users, event));
    this.topics = new TopicModel(this.groups, this.model);
  }

  accept(pipe: Pipe): ServerConnection {
    return new ServerConnection(this, pipe);
  }

  connectionsOf(user: string): ServerConnection[] {
    return [...this.connections].filter((connection) => connection.user === user);
  }

  /** Pushes to every device of the users, except the connection that sent it. */
  push(users: readonly string[], event: wirev1.Push['event'], origin?: ServerConnection): void {
    const push = toBinary(wirev1.PushSchema, create(wirev1.PushSchema, { event }));
    for (const connection of [...this.connections]) {
      if (connection !== origin && users.includes(connection.user)) connection.push(push);
    }
  }

  pushMessage(message: messagev1.Message, origin?: ServerConnection): void {
    const event = { case: 'message', value: message } as const;
    if (message.type !== messagev1.ConversationType.GROUP) {
      this.push([message.from, message.to], event, origin);
    } else if (message.toAccounts.length > 0) this.push([message.from, ...message.toAccounts], event, origin);
    else this.pushToRoom(message.to, event, origin);
  }

  pushToRoom(groupID: string, event: wirev1.Push['event'], origin?: ServerConnection): void {
    const members = this.groups.groups.get(communityOf(groupID))?.members;
    const push = toBinary(wirev1.PushSchema, create(wirev1.PushSchema, { event }));
    for (const connection of [...this.connections]) {
      const isIn = members?.has(connection.user) === true || connection.rooms.has(groupID);
      if (isIn && connection !== origin) connection.push(push);
    }
  }

  /** As a back end would: stores and delivers. */
  sendText(from: string, to: string, text: string): messagev1.Message {
    const message = this.model.reserve(from, to).append(text);
    this.pushMessage(message);
    return message;
  }

  handle(call: CallFrame, connection: ServerConnection): Uint8Array {
    const user = connection.user;
    const method = METHOD_OF.get(call.method);
    if (method === undefined) throw new Error(`unknown method ${call.method}`);
    if (isGroupMethod(method)) {
      return handleGroupCall(this.groups, { name: method, request: call.request }, connection);
    }
    if (isTopicMethod(method)) return this.topics.handle(method, call.request, user);
    if (isProfileMethod(method)) return this.profiles.handle(method, call.request, user);
    if (isPresenceMethod(method)) return this.presence.handle(method, call.request, user);
    if (isFollowMethod(method)) return this.follows.handle(method, call.request, user);
    if (isReceiptMethod(method)) return this.receipts.handle(method, call.request, user);
    if (isRelationMethod(method)) {
      return handleRelationCall(this.relations, { name: method, request: call.request }, user);
    }
    if (isChangeMethod(method)) {
      return this.changes.handle(method, call.request, { user, tell: this.tellChange(connection) });
    }
    switch (method) {
      case 'logout':
        return new Uint8Array(0);
      case 'send':
        return this.handleSend(call.request, connection);
      case 'listMessages': {
        const { peer, beforeSeq, limit } = read(METHOD.listMessages.input, call.request);
        this.checkMember(user, peer);
        return write(
          METHOD.listMessages.output,
          this.model.listMessages({ user, peer }, Number(beforeSeq), limit),
        );
      }
      case 'syncMessages': {
        const { peer, afterSeq, limit } = read(METHOD.syncMessages.input, call.request);
        this.checkMember(user, peer);
        return write(METHOD.syncMessages.output, this.model.sync({ user, peer }, Number(afterSeq), limit));
      }
      case 'listConversations':
        return this.handleListConversations(call.request, user);
      case 'getConversation': {
        const { peer, type } = read(METHOD.getConversation.input, call.request);
        if (type === messagev1.ConversationType.GROUP) this.groups.requireMember(peer, user);
        const conversation = this.model.getConversation({ user, peer });
        const response = create(
          METHOD.getConversation.output,
          conversation === undefined ? {} : { conversation },
        );
        return write(METHOD.getConversation.output, response);
      }
      case 'setReceiveOption': {
        const asked = read(METHOD.setReceiveOption.input, call.request);
        this.model.setReceiveOption(user, asked);
        const value = create(messagev1.ReceiveOptionNoticeSchema, { peers: asked.peers });
        this.push([user], { case: 'receiveOption', value }, connection);
        return new Uint8Array(0);
      }
      case 'markRead':
        return this.handleMarkRead(call.request, connection);
    }
  }

  /** Tells everybody but the connection that asked. */
  tellChange(origin?: ServerConnection): TellChange {
    return (to, event) => {
      if ('users' in to) this.push(to.users, event, origin);
      else this.pushToRoom(to.groupID, event, origin);
    };
  }

  private handleSend(request: Uint8Array, connection: ServerConnection): Uint8Array {
    const send = read(METHOD.send.input, request);
    const { user } = connection;
    if (send.type === messagev1.ConversationType.GROUP) this.groups.requireMember(send.to, user);
    const { message, isDuplicate } = this.model.send(user, send, !this.groups.isLive(send.to));
    if (!isDuplicate) this.pushMessage(message, connection);
    const { seq, timeMs, msgSeq, clientMessageId } = message;
    const response = create(METHOD.send.output, {
      seq,
      timeMs,
      msgSeq,
      clientMessageId,
      duplicate: isDuplicate,
    });
    return write(METHOD.send.output, response);
  }

  /** 10007 for a group that the user is not in. */
  private checkMember(user: string, peer: string): void {
    if (this.groups.groups.has(communityOf(peer))) this.groups.requireMember(peer, user);
  }

  private handleListConversations(request: Uint8Array, user: string): Uint8Array {
    const { changedAfterMs, cursor, limit } = read(METHOD.listConversations.input, request);
    const all = this.model.listConversations(user, Number(changedAfterMs));
    const start = Number(cursor || '0');
    const end = start + limit;
    const response = create(METHOD.listConversations.output, {
      conversations: all.slice(start, end),
      nextCursor: end < all.length ? String(end) : '',
      serverTimeMs: BigInt(this.options.now()),
      userChangeSeq: BigInt(this.changes.headOfView(user)),
    });
    return write(METHOD.listConversations.output, response);
  }

  private handleMarkRead(request: Uint8Array, connection: ServerConnection): Uint8Array {
    const { user } = connection;
    const { peer, readSeq } = read(METHOD.markRead.input, request);
    const notice = this.model.markRead({ user, peer }, Number(readSeq));
    this.push([user, peer], { case: 'read', value: notice }, connection);
    const unreadCount = BigInt(this.model.unreadOf({ user, peer }));
    return write(
      METHOD.markRead.output,
      create(METHOD.markRead.output, { readSeq: notice.readSeq, unreadCount }),
    );
  }
}

const read = <D extends DescMessage>(schema: D, bytes: Uint8Array): MessageShape<D> =>
  fromBinary(schema, bytes);
const write = <D extends DescMessage>(schema: D, message: MessageShape<D>): Uint8Array =>
  toBinary(schema, message);

let connectionCount = 0;

export class ServerConnection implements GroupCaller {
  /** Live groups that it is in. */
  readonly rooms = new Set<string>();
  user = '';
  instanceID = '';
  private held: Uint8Array[] = [];
  private isOver = false;

  constructor(
    private readonly server: ProtocolServer,
    private readonly pipe: Pipe,
  ) {}

  receive(bytes: Uint8Array): void {
    const frame = decodeClientFrame(bytes);
    switch (frame.kind) {
      case 'hello':
        this.login(frame.hello);
        break;
      case 'call':
        this.call(frame);
        break;
      case 'ping':
        this.send(encodePongFrame(this.server.options.now()));
        break;
      case 'bye':
        this.over();
        break;
      case 'malformed':
        this.bye(ByeCode.PROTOCOL_ERROR, frame.defect);
        break;
    }
  }

  enterRoom(groupID: string): void {
    this.rooms.add(groupID);
  }

  leaveRoom(groupID: string): void {
    this.rooms.delete(groupID);
  }

  /** The client's end is gone. */
  over(): void {
    this.isOver = true;
    this.server.connections.delete(this);
  }

  bye(code: number, reason: string, retryAfterMs = 0): void {
    this.send(encodeByeFrame({ code, reason, retryAfterMs }));
    this.cut(code);
  }

  /** Breaks the socket without a word. */
  cut(code = 1006): void {
    if (this.isOver) return;
    this.over();
    this.pipe.close(code);
  }

  resync(): void {
    this.send(encodeResyncFrame());
  }

  move(afterMs: number, addresses: string[]): void {
    this.send(encodeMoveFrame({ afterMs, addresses }));
  }

  push(push: Uint8Array): void {
    const fate = this.server.faults.onPush(push, this);
    if (fate === 'hold') this.held.push(push);
    if (fate === 'deliver') this.sendPushes([push]);
    if (fate === 'repeat') this.sendPushes([push, push]);
  }

  /** Raw bytes, for what no server should send. */
  send(frame: Uint8Array): void {
    if (!this.isOver) this.pipe.send(frame);
  }

  private sendPushes(pushes: Uint8Array[]): void {
    const held = this.held;
    this.held = [];
    this.send(encodePushFrame([...pushes, ...held]));
  }

  private login(hello: wirev1.Hello): void {
    this.server.hellos += 1;
    const isKnownSig = hello.userSig === sigOf(hello.userId);
    const refusal =
      this.server.faults.onHello(hello) ??
      (isKnownSig ? undefined : { code: 70003, info: 'the UserSig is malformed' });
    if (refusal !== undefined) {
      this.bye(ByeCode.LOGIN_REFUSED, formatLoginRefusal(refusal.code, refusal.info));
      return;
    }
    this.user = hello.userId;
    this.instanceID = hello.instanceId;
    for (const other of this.server.connectionsOf(this.user)) {
      if (other.instanceID === this.instanceID) other.bye(ByeCode.LOGGED_OUT, 'replaced');
    }
    this.server.connections.add(this);
    this.send(this.welcome());
  }

  private welcome(): Uint8Array {
    const { now, pingIntervalMs = 30_000, callsInFlightMax = 64 } = this.server.options;
    connectionCount += 1;
    return encodeWelcomeFrame({
      ...{ connectionId: `c${connectionCount}`, nodeId: 'test', serverTimeMs: BigInt(now()) },
      ...{ pingIntervalMs, callsInFlightMax, frameBytesMax: 64 * 1024 },
      resumeTicket: ticketOf(this.user, connectionCount),
    });
  }

  private call(call: CallFrame): void {
    const method = METHOD_OF.get(call.method) ?? 'logout';
    const { attempt, firstAttemptAgeMs } = call;
    this.server.calls.push({ method, user: this.user, attempt, firstAttemptAgeMs });
    const fate = this.server.faults.onCall(call, this);
    if (fate === 'ignore') return;
    if (typeof fate === 'object' && 'code' in fate) {
      this.answer(call, fate.code, fate.info ?? 'refused', fate.retryAfterMs);
      return;
    }
    if (typeof fate === 'object' && 'afterMs' in fate) {
      const copy = { ...call, request: call.request.slice() };
      this.server.options.later(() => this.perform(copy, 'answer'), fate.afterMs);
      return;
    }
    this.perform(call, fate);
  }

  private perform(
    call: CallFrame,
    fate: Exclude<CallFate, 'ignore' | { code: number } | { afterMs: number }>,
  ): void {
    let response: Uint8Array;
    try {
      response = this.server.handle(call, this);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      this.answer(call, thrown.code, thrown.message);
      return;
    }
    if (fate === 'cut') this.cut();
    const answer = () => this.answer(call, 0, '', 0, response);
    if (typeof fate === 'object') this.server.options.later(answer, fate.answerAfterMs);
    else if (fate === 'answer') answer();
  }

  private answer(
    call: CallFrame,
    code: number,
    info: string,
    retryAfterMs = 0,
    response: Uint8Array = new Uint8Array(0),
  ): void {
    this.send(encodeReplyFrame({ id: call.id, code, info, response, retryAfterMs }));
  }
}
