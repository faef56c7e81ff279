// A server, a network and any number of devices in one virtual time.
import { createChat } from '../chat-client.js';
import { EVENT } from '../constants/event.js';
import type { ChatSDK, CreateOptions } from '../model/chat-sdk.js';
import type { Message } from '../model/message.js';
import { resolveSettings } from '../session/settings.js';
import { memorySockets } from './memory-socket.js';
import { ProtocolServer, sigOf } from './protocol-server.js';
import { VirtualClock } from './virtual-clock.js';

/** Reproducible chance. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export interface Sent {
  readonly message: Message;
  outcome: 'open' | 'stored' | 'failed';
  code: number;
}

/** One SDK object and all that it told its app. */
export class Device {
  readonly events: { readonly name: string; readonly data: unknown }[] = [];
  readonly received: Message[] = [];
  readonly sent: Sent[] = [];

  constructor(
    readonly user: string,
    readonly chat: ChatSDK,
  ) {
    for (const name of Object.values(EVENT)) {
      chat.on(name, (event: { readonly name: string; readonly data: never }) => this.events.push(event));
    }
    chat.on(EVENT.MESSAGE_RECEIVED, ({ data }) => this.received.push(...data));
  }

  login() {
    return this.chat.login({ userID: this.user, userSig: sigOf(this.user) });
  }

  sendText(to: string, text: string): Sent {
    return this.send(this.chat.createTextMessage({ to, conversationType: 'C2C', payload: { text } }));
  }

  sendToGroup(to: string, text: string): Sent {
    return this.send(this.chat.createTextMessage({ to, conversationType: 'GROUP', payload: { text } }));
  }

  send(message: Message): Sent {
    const sent: Sent = { message, outcome: 'open', code: 0 };
    this.sent.push(sent);
    this.chat.sendMessage(message).then(
      () => {
        sent.outcome = 'stored';
      },
      (failure: { code: number }) => {
        sent.outcome = 'failed';
        sent.code = failure.code;
      },
    );
    return sent;
  }

  /** Data of the events of this name, in order. */
  told<T>(name: string): T[] {
    return this.events.filter((event) => event.name === name).map((event) => event.data as T);
  }

  /** Texts of a group in the order they were received. */
  textsIn(groupID: string): string[] {
    const isText = ({ to, type }: Message) => to === groupID && type === 'TIMTextElem';
    return this.received.filter(isText).map(({ payload }) => payload.text);
  }

  textsFrom(user: string): string[] {
    return this.received.filter(({ from }) => from === user).map(({ payload }) => payload.text);
  }
}

export class World {
  readonly clock = new VirtualClock();
  readonly random: () => number;
  readonly server: ProtocolServer;
  isUp = true;
  latencyMs = () => 5;
  private deviceCount = 0;

  constructor(seed = 1) {
    this.random = createRandom(seed);
    this.server = new ProtocolServer({
      now: () => this.clock.now(),
      later: (task, delayMs) => this.clock.setTimer(task, delayMs),
    });
  }

  device(user: string, options: Partial<CreateOptions> = {}): Device {
    this.deviceCount += 1;
    const settings = resolveSettings({
      SDKAppID: 1400000001,
      instanceID: `device-${this.deviceCount}`,
      clock: this.clock,
      random: this.random,
      webSocket: memorySockets({
        server: this.server,
        clock: this.clock,
        latencyMs: () => this.latencyMs(),
        isUp: () => this.isUp,
      }),
      ...options,
    });
    const chat = createChat(settings, () => undefined);
    chat.setLogLevel(4);
    return new Device(user, chat);
  }

  /** What a call gives, after the time it takes. */
  async done<T>(call: Promise<{ readonly data: T }>, ms = 500): Promise<T> {
    const outcome = call.then(
      ({ data }) => ({ data }),
      (failure: unknown) => ({ failure }),
    );
    await this.clock.pass(ms);
    const settled = await outcome;
    if ('failure' in settled) throw settled.failure;
    return settled.data;
  }

  /** A device that is logged in and in sync. */
  async ready(user: string, options: Partial<CreateOptions> = {}): Promise<Device> {
    const device = this.device(user, options);
    const login = device.login();
    await this.clock.pass(1_000);
    await login;
    return device;
  }
}
