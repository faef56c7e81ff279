// What the message service tells the world: one helper a business event, for log and counters together.
import type { AppId, ChatError, UserId } from '@parley/kernel';
import type { Counter, Histogram, Logger, Metrics } from '@parley/telemetry';
import type { Conversation, Peer } from './domain/conversation.js';
import type { ConversationRef } from './stores/message-store.js';

const LATENCY_BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

export class MessageEvents {
  readonly #sends: Counter;
  readonly #onlineSends: Counter;
  readonly #imports: Counter;
  readonly #duplicates: Counter;
  readonly #appendFailures: Counter;
  readonly #deliveryFailures: Counter;
  readonly #marksLost: Counter;
  readonly #written: Counter;
  readonly #copies: Counter;
  readonly #late: Counter;
  readonly #voids: Counter;
  readonly #collisions: Counter;
  readonly #repairs: Counter;
  readonly #repairsExpired: Counter;
  readonly #listsCut: Counter;
  readonly #shed: Counter;
  readonly #rateNoticesLost: Counter;
  readonly #changesNotTold: Counter;
  readonly #sendMs: Histogram;
  readonly #lagMs: Histogram;

  constructor(
    private readonly log: Logger,
    private readonly metrics: Metrics,
  ) {
    const counter = (name: string, help: string) => metrics.counter(`parley.message.${name}`, help);
    this.#sends = counter('sends', 'Messages accepted');
    this.#onlineSends = counter('online_sends', 'Messages for connected devices only');
    this.#imports = counter('imports', 'Imported messages accepted');
    this.#duplicates = counter('duplicates', 'Retries that were answered as the first time');
    this.#appendFailures = counter('append_failures', 'Appends that failed or came too late');
    this.#deliveryFailures = counter('delivery_failures', 'Deliveries beside the ack that failed');
    this.#marksLost = counter('marks_lost', 'Marks in coordination that could not be written');
    this.#written = counter('written', 'Messages written to history');
    this.#copies = counter('copies', 'Log records that repeated a message');
    this.#late = counter('late', 'Messages written below the head');
    this.#voids = counter('voids', 'Log records that came too late to be a message');
    this.#collisions = counter('collisions', 'Log records whose number belonged to another message');
    this.#repairs = counter('repairs', 'Messages delivered again');
    this.#repairsExpired = counter('repairs_expired', 'Messages too old to be delivered again');
    this.#listsCut = counter('conversation_lists_cut', 'Users with more conversations than are listed');
    this.#shed = counter('shed', 'Messages to groups above their rate that nobody got');
    this.#rateNoticesLost = counter(
      'rate_notices_lost',
      'Counts of a group that other processes did not learn',
    );
    this.#changesNotTold = counter('changes_not_told', 'Changes whose delivery failed at first');
    this.#sendMs = metrics.histogram(
      'parley.message.send.duration_ms',
      'From call to ack',
      LATENCY_BOUNDS_MS,
    );
    this.#lagMs = metrics.histogram(
      'parley.message.writer.lag_ms',
      'From append to history, per batch',
      LATENCY_BOUNDS_MS,
    );
  }

  /** Reads the number of records that wait for the history writer. */
  watchBacklog(read: () => number): void {
    this.metrics.gauge('parley.message.writer.backlog', 'Own records that wait for the history writer', read);
  }

  sent(durationMs: number): void {
    this.#sends.add();
    this.#sendMs.record(durationMs);
  }

  sentOnline(): void {
    this.#onlineSends.add();
  }

  /** Above the group's rate, so that this is no failure. */
  shedAtRate(): void {
    this.#shed.add();
  }

  rateNoticeLost(): void {
    this.#rateNoticesLost.add();
  }

  imported(): void {
    this.#imports.add();
  }

  duplicateAnswered(): void {
    this.#duplicates.add();
  }

  appendFailed(conversation: ConversationRef, error: ChatError): void {
    this.#appendFailures.add();
    this.log.warn('append failed', { ...idsOf(conversation), code: error.code, info: error.info });
  }

  /** The repair delivers it, so this is no error. */
  deliveryFailed(message: { conversation: { appId: AppId }; to: Peer }, error: unknown): void {
    this.#deliveryFailures.add();
    const { appId } = message.conversation;
    this.log.warn('delivery failed', { appId, to: message.to, cause: error });
  }

  /** Whoever missed it sees the gap in the numbers. */
  changeNotTold(stream: ConversationRef, error: unknown): void {
    this.#changesNotTold.add();
    this.log.warn('change not delivered', { ...idsOf(stream), cause: error });
  }

  noticeFailed(appId: AppId, userId: UserId, error: unknown): void {
    this.#deliveryFailures.add();
    this.log.warn('read notice not delivered', { appId, userId, cause: error });
  }

  markFailed(conversation: Conversation, error: unknown): void {
    this.#marksLost.add();
    this.log.debug('reservation not marked', { ...idsOf(conversation), cause: error });
  }

  deliveryMarksLost(marks: number): void {
    this.#marksLost.add(marks);
    this.log.debug('delivery marks lost', { marks });
  }

  historyWritten(messages: number, lagMs: number): void {
    if (messages > 0) this.#written.add(messages);
    this.#lagMs.record(lagMs);
  }

  copyDropped(): void {
    this.#copies.add();
  }

  lateWritten(conversation: ConversationRef, seq: bigint): void {
    this.#late.add();
    this.log.info('late message written', { ...idsOf(conversation), seq });
  }

  voidDropped(conversation: ConversationRef, seq: bigint, delayMs: number): void {
    this.#voids.add();
    this.log.warn('late record dropped', { ...idsOf(conversation), seq, delayMs });
  }

  /** Must never happen: a number was given to two messages. The record becomes a dead letter. */
  numberCollided(conversation: ConversationRef, seq: bigint): void {
    this.#collisions.add();
    this.log.error('number given twice', { ...idsOf(conversation), seq });
  }

  repaired(messages: number): void {
    this.#repairs.add(messages);
    this.log.debug('messages delivered again', { messages });
  }

  repairExpired(messages: number): void {
    this.#repairsExpired.add(messages);
  }

  conversationListCut(appId: AppId, userId: UserId): void {
    this.#listsCut.add();
    this.log.warn('too many conversations to list', { appId, userId });
  }
}

const idsOf = (conversation: ConversationRef) => ({
  appId: conversation.appId,
  conversationId: conversation.id,
});
