// What a test server may do to calls and pushes instead of what it should.
import type { wirev1 } from '@parley/proto';
import type { CallFrame } from '@parley/wire';
import type { ServerConnection } from './protocol-server.js';

/** What becomes of one call. */
export type CallFate =
  | 'answer'
  /** Not done, not answered. */
  | 'ignore'
  /** Done, but the answer is lost. */
  | 'lose answer'
  /** Done, then the socket breaks before the answer. */
  | 'cut'
  | { readonly code: number; readonly info?: string; readonly retryAfterMs?: number }
  /** Done and answered after this time. */
  | { readonly afterMs: number }
  /** Done at once and answered after this time: what happens meanwhile overtakes the answer. */
  | { readonly answerAfterMs: number };

/** What becomes of one push to one connection. */
export type PushFate = 'deliver' | 'drop' | 'repeat' | 'hold';

export interface Faults {
  /** The reason of a refusal, e.g. `70001 expired`. */
  onHello(hello: wirev1.Hello): { readonly code: number; readonly info: string } | undefined;
  onCall(call: CallFrame, connection: ServerConnection): CallFate;
  onPush(push: Uint8Array, connection: ServerConnection): PushFate;
}

export const NO_FAULTS: Faults = {
  onHello: () => undefined,
  onCall: () => 'answer',
  onPush: () => 'deliver',
};
