// A client that may send anything: frames go out as they are, what comes back is decoded.

import { create, toBinary } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';
import {
  decodeServerFrame,
  encodeCallFrame,
  encodeHelloFrame,
  PROTOCOL_VERSION,
  type ServerFrame,
} from '@parley/wire';
import { WebSocket } from 'ws';

const LINUX = 7;
const ANSWER_WITHIN_MS = 8_000;
const SEND = 10;

export interface Hello {
  readonly sdkAppId: number;
  readonly userId: string;
  readonly userSig: string;
  readonly platform?: number;
}

/** How a misdeed ended: a reply's code, a bye's code, or the login refusal's public code. */
export interface Outcome {
  readonly kind: 'welcome' | 'reply' | 'bye' | 'refused' | 'closed';
  readonly code: number;
}

export class RawSocket {
  private readonly arrived: Outcome[] = [];
  private notify: () => void = () => undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.take(toOutcome(decodeServerFrame(data))));
    socket.on('close', (code) => this.take({ kind: 'closed', code }));
    socket.on('error', () => socket.terminate());
  }

  static async open(url: string): Promise<RawSocket> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new RawSocket(socket);
  }

  raw(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  text(value: string): void {
    this.socket.send(value);
  }

  hello(hello: Hello): void {
    const { sdkAppId, userId, userSig, platform = LINUX } = hello;
    const instanceId = `raw-${userId}`.slice(0, 60);
    this.raw(
      encodeHelloFrame({
        protocolVersion: PROTOCOL_VERSION,
        sdkAppId,
        userId,
        userSig,
        platform,
        instanceId,
      }),
    );
  }

  call(method: number, request: Uint8Array): void {
    this.raw(encodeCallFrame({ id: 1, method, request, attempt: 0 }));
  }

  /** A Send whose body is given as text, which need not be JSON. */
  send(to: string, body: string | Uint8Array, clientMessageId = `m-${Math.random()}`): void {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const type = messagev1.ConversationType.C2C;
    const request = { to, type, clientMessageId, random: 1, body: bytes };
    this.call(SEND, toBinary(messagev1.SendRequestSchema, create(messagev1.SendRequestSchema, request)));
  }

  /** The next thing that the server says. @throws Error when it says nothing. */
  async outcome(): Promise<Outcome> {
    const deadline = Date.now() + ANSWER_WITHIN_MS;
    while (this.arrived.length === 0) {
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) throw new Error('the server did not answer');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.notify = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.arrived.shift() as Outcome;
  }

  close(): void {
    this.socket.terminate();
  }

  private take(outcome: Outcome | undefined): void {
    if (outcome) this.arrived.push(outcome);
    this.notify();
  }
}

const LOGIN_REFUSED = 4505;

/** Pushes and the like are no outcome of a misdeed. */
function toOutcome(frame: ServerFrame): Outcome | undefined {
  if (frame.kind === 'welcome') return { kind: 'welcome', code: 0 };
  if (frame.kind === 'reply') return { kind: 'reply', code: frame.code };
  if (frame.kind !== 'bye') return undefined;
  const { code, reason } = frame.bye;
  return code === LOGIN_REFUSED
    ? { kind: 'refused', code: Number(reason.split(' ')[0]) }
    : { kind: 'bye', code };
}
