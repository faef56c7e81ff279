// A call with its repetitions: waits for the connection, repeats what may be
// repeated, ends within its time.
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { decideBackoffMs } from '../connection/backoff.js';
import { CALL_ATTEMPT_MS, CALL_GIVE_UP_MS } from '../constants/limits.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import type { ChatClock } from '../time/clock.js';
import type { SharedTimer } from '../time/shared-timer.js';
import type { CallChannel } from './call-channel.js';
import { type CallOutcome, mayRepeat } from './call-outcome.js';
import type { Method } from './method.js';

export interface CallerOptions {
  readonly channel: CallChannel;
  readonly clock: ChatClock;
  readonly timer: SharedTimer;
  readonly random: () => number;
}

interface CallPlan<I extends DescMessage, O extends DescMessage> {
  readonly method: Method<I, O>;
  readonly init: MessageInitShape<I>;
  readonly giveUpMs: number;
}

export class Caller {
  constructor(private readonly options: CallerOptions) {}

  /**
   * For calls that may be done twice, which all calls of the SDK are.
   *
   * @throws ChatFailure with the server's code, 2800 without a connection, 2801 without an answer.
   */
  call<I extends DescMessage, O extends DescMessage>(
    method: Method<I, O>,
    init: MessageInitShape<I>,
    giveUpMs = CALL_GIVE_UP_MS,
  ): Promise<MessageShape<O>> {
    return this.from(0, { method, init, giveUpMs });
  }

  /** A call that was given up before and may have been done: the server is told so. @throws as call does. */
  again<I extends DescMessage, O extends DescMessage>(
    method: Method<I, O>,
    init: MessageInitShape<I>,
    giveUpMs: number,
  ): Promise<MessageShape<O>> {
    return this.from(1, { method, init, giveUpMs });
  }

  private async from<I extends DescMessage, O extends DescMessage>(
    first: number,
    { method, init, giveUpMs }: CallPlan<I, O>,
  ): Promise<MessageShape<O>> {
    const { channel, clock, timer, random } = this.options;
    const deadlineMs = clock.elapsed() + giveUpMs;
    const request = toBinary(method.input, create(method.input, init));
    for (let attempt = first; ; attempt++) {
      const leftMs = deadlineMs - clock.elapsed();
      if (!(await channel.untilOpen(leftMs))) throw noConnection();
      const timeoutMs = Math.min(CALL_ATTEMPT_MS, deadlineMs - clock.elapsed());
      const outcome = await channel.call({ method: method.number, request, attempt, timeoutMs });
      if (outcome.kind === 'answered' && outcome.code === 0) return decode(method.output, outcome.response);
      const retryAfterMs = outcome.kind === 'answered' ? outcome.retryAfterMs : 0;
      const pauseMs = decideBackoffMs({ failures: attempt, retryAfterMs, chance: random() });
      if (!mayRepeat(outcome) || clock.elapsed() + pauseMs >= deadlineMs) throw toFailure(outcome);
      await timer.sleep(pauseMs);
    }
  }
}

const noConnection = () => new ChatFailure(FailureCode.NETWORK, 'no connection to the server');

export function toFailure(outcome: CallOutcome): ChatFailure {
  switch (outcome.kind) {
    case 'answered':
    case 'refused':
      return new ChatFailure(outcome.code, outcome.info);
    case 'late':
      return new ChatFailure(FailureCode.TIMEOUT, 'the server did not answer in time');
    case 'lost':
      return noConnection();
  }
}

function decode<O extends DescMessage>(schema: O, response: Uint8Array): MessageShape<O> {
  try {
    return fromBinary(schema, response);
  } catch {
    // The generated code can only throw; its reason says nothing to an app.
    throw new ChatFailure(FailureCode.ANSWER_MALFORMED, 'the answer of the server cannot be read');
  }
}
