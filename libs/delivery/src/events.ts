// What happens in delivery, as counters and log lines: one method per event.
import type { ChatError, Clock, NodeId } from '@parley/kernel';
import type { Counter, Histogram, Logger, Metrics } from '@parley/telemetry';

export interface DeliveryEventsOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Pushes that wait now. */
  readonly waiting: () => number;
}

const BATCH_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_000];
/** A broken node fails many batches: one line in this time says it all, ms. */
const WARN_EVERY_MS = 1_000;

export class DeliveryEvents {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #pushes: Counter;
  readonly #roomPushes: Counter;
  readonly #refused: Counter;
  readonly #connections: Counter;
  readonly #batchSize: Histogram;
  readonly #nodeFailures: Counter;
  readonly #lookupFailures: Counter;
  readonly #unknownConnections: Counter;
  #warnedAtMs = Number.NEGATIVE_INFINITY;
  #unsaid = 0;

  constructor({ logger, metrics, clock, waiting }: DeliveryEventsOptions) {
    const counter = (name: string, help: string): Counter => metrics.counter(`parley.delivery.${name}`, help);
    this.#logger = logger;
    this.#clock = clock;
    this.#pushes = counter('pushes', 'Pushes accepted.');
    this.#roomPushes = counter('room_pushes', 'Pushes to rooms accepted; part of all pushes.');
    this.#refused = counter('pushes_refused', 'Pushes refused because too many wait.');
    this.#connections = counter(
      'connections_reached',
      'Connections for which a node took a push; those in rooms are not counted.',
    );
    this.#nodeFailures = counter(
      'node_failures',
      'Batches, changes of rooms and disconnects that a gateway node did not take.',
    );
    this.#lookupFailures = counter('lookup_failures', 'Lookups of sessions or of rooms that failed.');
    this.#unknownConnections = counter(
      'unknown_connections',
      'Registered connections that their node did not know.',
    );
    this.#batchSize = metrics.histogram(
      'parley.delivery.batch.deliveries',
      'Deliveries sent to a node at once.',
      BATCH_BOUNDS,
    );
    metrics.gauge('parley.delivery.pushes_waiting', 'Pushes that wait for a lookup or a node.', waiting);
  }

  pushed(): void {
    this.#pushes.add();
  }

  pushedToRoom(): void {
    this.#pushes.add();
    this.#roomPushes.add();
  }

  refused(): void {
    this.#refused.add();
  }

  batchTaken(deliveries: number, connections: number): void {
    this.#batchSize.record(deliveries);
    this.#connections.add(connections);
  }

  nodeFailed(nodeId: NodeId, error: ChatError): void {
    this.#nodeFailures.add();
    this.#warn('delivery.node.failed', error, nodeId);
  }

  lookupFailed(error: ChatError): void {
    this.#lookupFailures.add();
    this.#warn('delivery.lookup.failed', error);
  }

  unknownConnections(count: number): void {
    this.#unknownConnections.add(count);
  }

  unregisterFailed(nodeId: NodeId, error: ChatError): void {
    this.#warn('delivery.unregister.failed', error, nodeId);
  }

  #warn(event: string, error: ChatError, nodeId?: NodeId): void {
    const sinceMs = this.#clock.now() - this.#warnedAtMs;
    if (sinceMs >= 0 && sinceMs < WARN_EVERY_MS) {
      this.#unsaid += 1;
      return;
    }
    const { code, info, cause } = error;
    this.#logger.warn(event, { nodeId, code, info, cause, unsaid: this.#unsaid });
    this.#warnedAtMs = this.#clock.now();
    this.#unsaid = 0;
  }
}
