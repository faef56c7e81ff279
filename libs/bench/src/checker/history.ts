// What a run leaves behind: everything its clients did and saw, and what the
// store held in the end. The checker judges this and nothing else.

/** A send that a client started. `id` is the client message id. */
export interface SendEvent {
  readonly kind: 'send';
  readonly id: string;
  readonly conversation: string;
  readonly sender: string;
  readonly device: string;
  readonly atMs: number;
}

/** The server's answer to a send, as the client saw it. */
export interface AckEvent {
  readonly kind: 'ack';
  readonly id: string;
  /** The public sequence (MsgSeq) that the answer named. */
  readonly sequence: number;
  readonly atMs: number;
}

/** The client gave the send up; the message may exist all the same. */
export interface FailEvent {
  readonly kind: 'fail';
  readonly id: string;
  readonly code: number;
  readonly atMs: number;
}

/** A device showed a message that it had not sent itself. */
export interface ShownEvent {
  readonly kind: 'shown';
  readonly device: string;
  readonly conversation: string;
  readonly id: string;
  readonly atMs: number;
}

export type HistoryEvent = SendEvent | AckEvent | FailEvent | ShownEvent;

export interface StoredMessage {
  readonly id: string;
  readonly seq: bigint;
  readonly sequence: number;
  readonly sender: string;
  readonly countsAsUnread: boolean;
}

/** One conversation as the store holds it after the run, ascending by seq. */
export interface StoredConversation {
  readonly conversation: string;
  readonly messages: readonly StoredMessage[];
}

/** One conversation as one device holds it after the run. */
export interface DeviceView {
  readonly device: string;
  readonly user: string;
  readonly conversation: string;
  /** Ids in display order; the whole conversation, paged in if need be. */
  readonly ids: readonly string[];
  readonly unread: number;
  /** In a group: whoever sends has read what stands before (docs/adr/0010-groups-and-rooms.md). */
  readonly isSendingReading: boolean;
  /** The read mark that the server holds for the user. */
  readonly readSeq: bigint;
}

export interface History {
  readonly events: readonly HistoryEvent[];
  readonly stored: readonly StoredConversation[];
  readonly views: readonly DeviceView[];
}

/** Collects events while a run goes on. Bounded by the run: about 150 bytes an event. */
export class HistoryRecorder {
  private readonly recorded: HistoryEvent[] = [];

  record(event: HistoryEvent): void {
    this.recorded.push(event);
  }

  get events(): readonly HistoryEvent[] {
    return this.recorded;
  }
}
