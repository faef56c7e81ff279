// One long-lived stream to one server: opening, breaking, opening again.
//
//   idle ──first batch──▶ opening ──server's headers──▶ open
//                            ▲  │                        │
//                 pause over │  └────────broken──────────┤
//                            └──────── waiting ◀─────────┘
//
// What happens to the calls on it is batch-transport.ts's business.
import { type Client, type ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import { sameBytes } from './channel.js';
import { EXCHANGE_PATH } from './paths.js';

export interface ExchangeLinkEvents {
  /** An encoded ExchangeResponse came. */
  received(bytes: Buffer): void;
  /** The stream is gone and with it everything written and not yet answered. */
  broke(reason: unknown): void;
  /** There is room to write again. */
  drained(): void;
}

export interface Backoff {
  /** Upper bound of the first pause, ms; doubles with every failure in a row. */
  readonly baseMs: number;
  readonly maxMs: number;
  readonly random: () => number;
}

export class ExchangeLink {
  #state: 'idle' | 'opening' | 'open' | 'waiting' | 'closed' = 'idle';
  #stream: ClientDuplexStream<Buffer, Buffer> | undefined;
  #failures = 0;
  #isBackedUp = false;
  #reopenAtMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly channel: Client,
    private readonly events: ExchangeLinkEvents,
    private readonly backoff: Backoff,
  ) {}

  /** False from a break until the server has answered again. */
  get isHealthy(): boolean {
    return this.#state === 'open' || (this.#failures === 0 && this.#state !== 'closed');
  }

  /** How long nothing can be sent, ms; 0 when sending makes sense now. */
  get pauseMs(): number {
    return this.#state === 'waiting' ? Math.max(1, this.#reopenAtMs - performance.now()) : 0;
  }

  get canWrite(): boolean {
    return !this.#isBackedUp && this.#state !== 'waiting' && this.#state !== 'closed';
  }

  /** Writes one ExchangeRequest; opens the stream when there is none. Ask `canWrite` first. */
  write(bytes: Buffer): void {
    if (this.#state === 'idle') this.#open();
    if (this.#stream?.write(bytes) === false) this.#isBackedUp = true;
  }

  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#stream?.cancel();
    this.#stream = undefined;
    this.channel.close();
  }

  #open(): void {
    this.#state = 'opening';
    this.#isBackedUp = false;
    const stream = this.channel.makeBidiStreamRequest(
      EXCHANGE_PATH,
      sameBytes,
      sameBytes,
      new Metadata(),
      {},
    );
    this.#stream = stream;
    stream.on('metadata', () => this.#opened(stream));
    stream.on('data', (bytes: Buffer) => {
      if (this.#stream === stream) this.events.received(bytes);
    });
    stream.on('drain', () => this.#drained(stream));
    stream.on('error', (reason: unknown) => this.#broke(stream, reason));
    stream.on('end', () => this.#broke(stream, new Error('the server ended the stream')));
  }

  #opened(stream: ClientDuplexStream<Buffer, Buffer>): void {
    if (this.#stream !== stream) return;
    this.#state = 'open';
    this.#failures = 0;
  }

  #drained(stream: ClientDuplexStream<Buffer, Buffer>): void {
    if (this.#stream !== stream) return;
    this.#isBackedUp = false;
    this.events.drained();
  }

  #broke(stream: ClientDuplexStream<Buffer, Buffer>, reason: unknown): void {
    if (this.#stream !== stream) return;
    this.#stream = undefined;
    stream.cancel();
    this.#state = 'waiting';
    const ceiling = Math.min(this.backoff.maxMs, this.backoff.baseMs * 2 ** this.#failures);
    this.#failures += 1;
    // At least half: the server needs its pause, the jitter spreads the clients.
    const pauseMs = ceiling * (0.5 + this.backoff.random() / 2);
    this.#reopenAtMs = performance.now() + pauseMs;
    this.#timer = setTimeout(() => this.#open(), pauseMs);
    this.#timer.unref();
    this.events.broke(reason);
  }
}
