// A client on the wire level: it says what a test wants, right or wrong, and
// remembers what it hears.
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { contextv1, messagev1, wirev1 } from '@parley/proto';
import {
  decodeServerFrame,
  encodeCallFrame,
  encodeHelloFrame,
  encodePingFrame,
  PROTOCOL_VERSION,
  type ReplyFrame,
  type ServerFrame,
} from '@parley/wire';
import { WebSocket } from 'ws';

const SEND_METHOD = 10;
type Kind = ServerFrame['kind'];
type FrameOf<K extends Kind> = Extract<ServerFrame, { kind: K }>;

/** The driver's TCP socket, for bytes that no WebSocket library would send. */
interface WithStream {
  readonly _socket: { write(bytes: Uint8Array): void };
}

export class TestClient {
  readonly frames: ServerFrame[] = [];
  connectionId = '';
  /** Close code, once the socket is closed. */
  readonly closed: Promise<number>;
  isClosed = false;
  private waiting: { readonly kind: Kind; readonly resolve: (frame: ServerFrame) => void }[] = [];
  private unread: ServerFrame[] = [];
  private lastId = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.#hear(decodeServerFrame(data)));
    socket.on('error', () => {
      // A test looks at the close code; the driver reports resets here first.
    });
    this.closed = new Promise((resolve) =>
      socket.on('close', (code) => {
        this.isClosed = true;
        resolve(code);
      }),
    );
  }

  static async connect(url: string): Promise<TestClient> {
    const client = new TestClient(new WebSocket(url, { rejectUnauthorized: false }));
    await new Promise<void>((resolve, reject) => {
      client.socket.once('open', resolve);
      client.socket.once('error', reject);
    });
    return client;
  }

  /** The next frame of this kind that no other call has got. */
  next<K extends Kind>(kind: K): Promise<FrameOf<K>> {
    const at = this.unread.findIndex((frame) => frame.kind === kind);
    if (at >= 0) return Promise.resolve(this.unread.splice(at, 1)[0] as FrameOf<K>);
    return new Promise((resolve) =>
      this.waiting.push({ kind, resolve: resolve as (frame: ServerFrame) => void }),
    );
  }

  hello(fields: MessageInitShape<typeof wirev1.HelloSchema> = {}): void {
    this.raw(
      encodeHelloFrame({
        protocolVersion: PROTOCOL_VERSION,
        sdkAppId: 1_400_000_001,
        userId: 'alice',
        userSig: 'sig',
        platform: contextv1.Platform.WEB,
        instanceId: 'instance',
        ...fields,
      }),
    );
  }

  async login(fields: MessageInitShape<typeof wirev1.HelloSchema> = {}): Promise<wirev1.Welcome> {
    this.hello(fields);
    const { welcome } = await this.next('welcome');
    this.connectionId = welcome.connectionId;
    return welcome;
  }

  raw(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  text(text: string): void {
    this.socket.send(text);
  }

  /** Bytes beside the driver, as they are. */
  stream(bytes: Uint8Array): void {
    (this.socket as unknown as WithStream)._socket.write(bytes);
  }

  /** Sends a call and answers its id. */
  call(method: number, request: Uint8Array = new Uint8Array(0), attempt = 0, firstAttemptAgeMs = 0): number {
    this.lastId += 1;
    this.raw(encodeCallFrame({ id: this.lastId, method, request, attempt, firstAttemptAgeMs }));
    return this.lastId;
  }

  send(clientMessageId: string): number {
    const request = create(messagev1.SendRequestSchema, { to: 'bob', clientMessageId });
    return this.call(SEND_METHOD, toBinary(messagev1.SendRequestSchema, request));
  }

  async sent(clientMessageId: string): Promise<ReplyFrame> {
    this.send(clientMessageId);
    return this.next('reply');
  }

  async ping(): Promise<number> {
    this.raw(encodePingFrame());
    const pong = await this.next('pong');
    return pong.serverTimeMs;
  }

  /** Bodies of all pushed messages so far, as texts. */
  pushedTexts(): string[] {
    return this.frames
      .filter((frame) => frame.kind === 'push')
      .flatMap((frame) => frame.pushes)
      .map((push) => fromBinary(wirev1.PushSchema, push))
      .map(({ event }) => (event.case === 'message' ? Buffer.from(event.value.body).toString() : ''));
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  #hear(frame: ServerFrame): void {
    this.frames.push(frame);
    const at = this.waiting.findIndex((one) => one.kind === frame.kind);
    if (at < 0) this.unread.push(frame);
    else this.waiting.splice(at, 1)[0]?.resolve(frame);
  }
}

export const pushOf = (text: string, padding = 0): Uint8Array =>
  toBinary(
    wirev1.PushSchema,
    create(wirev1.PushSchema, {
      event: {
        case: 'message',
        value: { body: Buffer.from(text), offlinePush: new Uint8Array(padding) },
      },
    }),
  );
