// The server's end of one stream: runs the calls that come, and sends the
// outcomes of a turn in one write. A peer that does not read its answers is
// not read from either, so what waits is bounded by the calls in flight.
import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import { ChatError, ErrorCode } from '@parley/kernel';
import type { CallBudget } from '../call-budget.js';
import { callerGaveUp, unknownMethod } from '../failures.js';
import { Invocation, type InvocationSink, type InvocationTools } from '../invocation.js';
import { type CallOutcome, decodeCalls, encodeOutcomes, type IncomingCall } from './batch-codec.js';
import { toBuffer } from './channel.js';
import { failureOf, successOf } from './outcome.js';

/** Outcomes and bytes of one write; ours. A larger outcome goes alone. */
const BATCH_OUTCOMES_MAX = 256;
const BATCH_BYTES_MAX = 1024 * 1024;

class StreamInvocation extends Invocation {
  readonly id: number;
  readonly requestBytes: number;

  constructor(
    session: ExchangeSession,
    tools: InvocationTools,
    call: IncomingCall,
    method: NonNullable<ReturnType<InvocationTools['router']['find']>>,
  ) {
    super(tools, session, method);
    this.id = call.id;
    this.requestBytes = call.request.byteLength;
  }
}

export class ExchangeSession implements InvocationSink {
  readonly #running = new Map<number, StreamInvocation>();
  #outcomes: CallOutcome[] = [];
  #isFlushScheduled = false;
  #isBackedUp = false;
  #isEnding = false;
  #isOver = false;

  constructor(
    private readonly stream: ServerDuplexStream<Buffer, Buffer>,
    private readonly tools: InvocationTools,
    private readonly budget: CallBudget,
    private readonly onOver: () => void,
  ) {
    stream.on('data', (bytes: Buffer) => this.#received(bytes));
    stream.on('drain', () => this.#drained());
    stream.on('end', () => this.#peerEnded());
    stream.on('cancelled', () => this.#abandon());
    stream.on('error', () => this.#abandon());
  }

  /** Takes no more calls, and ends the stream once the running ones are answered. */
  end(): void {
    this.#isEnding = true;
    this.#endWhenIdle();
  }

  succeeded(invocation: Invocation, response: Uint8Array): void {
    const { id } = this.#done(invocation);
    this.#answer(successOf(id, response));
  }

  failed(invocation: Invocation, error: ChatError): void {
    const { id } = this.#done(invocation);
    this.#answer(failureOf(id, error));
  }

  #received(bytes: Buffer): void {
    let batch: ReturnType<typeof decodeCalls>;
    try {
      batch = decodeCalls(bytes, this.tools.clock.now());
    } catch (cause) {
      const details = 'malformed batch of calls';
      this.stream.emit(
        'error',
        Object.assign(new Error(details, { cause }), { code: status.INVALID_ARGUMENT, details }),
      );
      return;
    }
    for (const call of batch.calls) this.#start(call);
    for (const id of batch.cancelled) {
      const invocation = this.#running.get(id);
      invocation?.cancel(callerGaveUp('call'));
    }
  }

  #start(call: IncomingCall): void {
    const method = this.tools.router.find(call.method);
    const refusal = method === undefined ? unknownMethod(call.method) : this.#refusalOf(call);
    if (method === undefined || refusal !== undefined) {
      this.#answer(failureOf(call.id, refusal ?? unknownMethod(call.method)));
      return;
    }
    const invocation = new StreamInvocation(this, this.tools, call, method);
    this.#running.set(call.id, invocation);
    invocation.run(call.request, call.context);
  }

  #refusalOf(call: IncomingCall): ChatError | undefined {
    if (this.#isEnding) return new ChatError(ErrorCode.UNAVAILABLE, 'the server is closing');
    return this.budget.take(call.request.byteLength);
  }

  #done(invocation: Invocation): StreamInvocation {
    const own = invocation as StreamInvocation;
    this.#running.delete(own.id);
    this.budget.release(own.requestBytes);
    return own;
  }

  #answer(outcome: CallOutcome): void {
    if (this.#isOver) return;
    this.#outcomes.push(outcome);
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    setImmediate(() => {
      this.#isFlushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    let next = 0;
    while (!this.#isBackedUp && !this.#isOver && next < this.#outcomes.length) {
      const batch: CallOutcome[] = [];
      for (let bytes = 0; next < this.#outcomes.length && batch.length < BATCH_OUTCOMES_MAX; next++) {
        const outcome = this.#outcomes[next] as CallOutcome;
        bytes += outcome.response.byteLength;
        if (batch.length > 0 && bytes > BATCH_BYTES_MAX) break;
        batch.push(outcome);
      }
      if (!this.stream.write(toBuffer(encodeOutcomes(batch)))) this.#backUp();
    }
    if (next > 0) this.#outcomes = this.#outcomes.slice(next);
    this.#endWhenIdle();
  }

  #backUp(): void {
    this.#isBackedUp = true;
    this.stream.pause();
  }

  #drained(): void {
    this.#isBackedUp = false;
    this.stream.resume();
    this.#flush();
  }

  #peerEnded(): void {
    this.#isEnding = true;
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if (!this.#isEnding || this.#isOver || this.#running.size > 0 || this.#outcomes.length > 0) return;
    this.#over();
    this.stream.end();
  }

  /** The peer is gone: nobody waits for the outcomes. */
  #abandon(): void {
    if (this.#isOver) return;
    this.#over();
    this.#outcomes = [];
    for (const invocation of [...this.#running.values()]) invocation.cancel(callerGaveUp('call'));
  }

  #over(): void {
    this.#isOver = true;
    this.onOver();
  }
}
