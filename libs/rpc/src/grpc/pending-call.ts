// A call that waits for its answer on a stream.

import type { ChatError } from '@parley/kernel';
import type { CallContext } from '../call-context.js';
import { WheelEntry } from '../timer-wheel.js';
import type { OutgoingCall } from './batch-codec.js';

export interface PendingCallOwner {
  deadlinePassed(call: PendingCall): void;
  callerGaveUp(call: PendingCall): void;
}

interface PendingCallParts {
  readonly id: number;
  /** Full name of the method. */
  readonly method: string;
  readonly request: Uint8Array;
  readonly context: CallContext;
  readonly deadlineMs: number;
  readonly resolve: (response: Uint8Array) => void;
  readonly reject: (error: ChatError) => void;
}

export class PendingCall extends WheelEntry {
  readonly id: number;
  readonly method: string;
  readonly request: Uint8Array;
  readonly resolve: (response: Uint8Array) => void;
  readonly reject: (error: ChatError) => void;
  isSent = false;
  readonly #context: CallContext;
  readonly #deadlineMs: number;

  constructor(
    private readonly owner: PendingCallOwner,
    parts: PendingCallParts,
  ) {
    super();
    this.id = parts.id;
    this.method = parts.method;
    this.request = parts.request;
    this.resolve = parts.resolve;
    this.reject = parts.reject;
    this.#context = parts.context;
    this.#deadlineMs = parts.deadlineMs;
  }

  /** Marks it sent and gives what to send, with the time that is left. */
  toOutgoing(now: number): OutgoingCall {
    this.isSent = true;
    const { id, method, request } = this;
    return { id, method, request, context: this.#context, timeoutMs: this.#deadlineMs - now };
  }

  watchSignal(): void {
    this.#context.signal?.addEventListener('abort', this);
  }

  unwatchSignal(): void {
    this.#context.signal?.removeEventListener('abort', this);
  }

  /** The caller's signal fired. */
  handleEvent(): void {
    this.owner.callerGaveUp(this);
  }

  override expire(): void {
    this.owner.deadlinePassed(this);
  }
}
