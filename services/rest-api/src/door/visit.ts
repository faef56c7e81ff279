// One request's way through the door, from its first byte to its answer.
import type { ErrorCode } from '@parley/kernel';
import type { Command } from '../commands/command.js';
import { type Envelope, failed } from '../envelope.js';
import type { CallerClaim } from './query-parameters.js';

export interface Arrival {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  /** The W3C header, unchecked. */
  readonly traceParent: string | undefined;
}

/** HTTP 200 for everything that reached a command, whatever it says; other statuses for what did not. */
export interface Answer {
  readonly status: number;
  readonly envelope: Envelope;
}

/** Filled on the way; read by the one line of log at its end. Holds neither signature nor body. */
export interface Visit {
  readonly arrival: Arrival;
  readonly startedAtMs: number;
  command?: Command;
  caller?: Pick<CallerClaim, 'appId' | 'identifier'>;
  bodyBytes: number;
  answer?: Answer;
  /** Why it was refused, for the log: also where the caller is told less. */
  reason?: string;
  /** Something that nobody expected. */
  failure?: unknown;
}

export const refusal = (status: number, code: ErrorCode, info: string): Answer => ({
  status,
  envelope: failed(code, info),
});
