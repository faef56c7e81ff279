// A client that may send anything: frames go out as they are, what comes back is put into words.
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
import { APP_ID, sigFor } from './world-on-server.js';

const LINUX = 7;
const ANSWER_WITHIN_MS = 8_000;
export const SEND = 10;
export const COUNT_UNREAD = 16;
const NO_BYTES = new Uint8Array(0);

export interface Hello {
  readonly userId: string;
  readonly userSig?: string;
  readonly sdkAppId?: number;
  readonly platform?: number;
  readonly protocolVersion?: number;
  readonly instanceId?: string;
  readonly sdkVersion?: string;
}

export type SendFields = Parameters<typeof create<typeof messagev1.SendRequestSchema>>[1];

/** Of all requests there are, the one that writes. `body` may be text, which need not be JSON. */
export function sendRequest(to: string, body: string | Uint8Array, fields: SendFields = {}): Uint8Array {
  return toBinary(
    messagev1.SendRequestSchema,
    create(messagev1.SendRequestSchema, {
      to,
      body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
      type: messagev1.ConversationType.C2C,
      clientMessageId: `m-${Math.random()}`,
      random: 1,
      ...fields,
    }),
  );
}

export class RawSocket {
  private readonly arrived: string[] = [];
  private notify: () => void = () => undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.take(inWords(decodeServerFrame(data))));
    socket.on('close', (code) => this.take(`closed ${code}`));
    // The close that follows says what there is to say.
    socket.on('error', () => socket.terminate());
  }

  /** @throws Error when the handshake is refused. */
  static async open(url: string): Promise<RawSocket> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new RawSocket(socket);
  }

  static async loggedIn(url: string, userId: string): Promise<RawSocket> {
    const socket = await RawSocket.open(url);
    socket.hello({ userId });
    const answer = await socket.answer();
    if (answer !== 'Welcome') throw new Error(`${userId} could not log in: ${answer}`);
    return socket;
  }

  raw(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  text(value: string): void {
    this.socket.send(value);
  }

  ping(): void {
    this.socket.ping();
  }

  hello(hello: Hello): void {
    this.raw(
      encodeHelloFrame({
        protocolVersion: PROTOCOL_VERSION,
        sdkAppId: APP_ID,
        userSig: hello.userSig ?? sigFor(hello.userId),
        platform: LINUX,
        instanceId: `raw-${hello.userId}`.slice(0, 60),
        ...hello,
      }),
    );
  }

  call(method: number, request: Uint8Array = NO_BYTES, id = 1): void {
    this.raw(encodeCallFrame({ id, method, request, attempt: 0 }));
  }

  /** The next thing that the server says. @throws Error when it says nothing. */
  async answer(): Promise<string> {
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
    return this.arrived.shift() as string;
  }

  close(): void {
    this.socket.terminate();
  }

  private take(answer: string | undefined): void {
    if (answer !== undefined) this.arrived.push(answer);
    this.notify();
  }
}

export const LOGIN_REFUSED = 4505;

/** Pushes and the like are no answer to a misdeed. */
export function inWords(frame: ServerFrame): string | undefined {
  if (frame.kind === 'welcome') return 'Welcome';
  if (frame.kind === 'reply') return `Reply ${frame.code}`;
  if (frame.kind !== 'bye') return undefined;
  const { code, reason } = frame.bye;
  return code === LOGIN_REFUSED ? `refused ${reason.split(' ')[0]}` : `Bye ${code}`;
}
