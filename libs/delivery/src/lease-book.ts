// Which gateway nodes live. A lease is a key that ends by itself unless its node
// renews it.
import type { Coordination } from '@parley/coordination';
import type { Clock, NodeId } from '@parley/kernel';
import { LEASE_BELIEVED_MS } from './limits.js';

interface Answer {
  readonly isLive: boolean;
  readonly askedAtMs: number;
}

const LEASE = 'live';
const NODES_MAX = 10_000;

const keyOf = (nodeId: NodeId): string => `gateway-node:${nodeId}`;

/**
 * Leases, with a short memory: that a node lives is believed for a second, so a node that died may be
 * named for that long after its lease ended. That a node is dead is never believed, so a new node is seen at once.
 */
export class LeaseBook {
  readonly #answers = new Map<NodeId, Answer>();
  readonly #asking = new Map<NodeId, Promise<void>>();

  constructor(
    private readonly coordination: Coordination,
    private readonly clock: Clock,
  ) {}

  /** False: nobody held it. */
  async renew(nodeId: NodeId, ttlMs: number): Promise<boolean> {
    const key = keyOf(nodeId);
    const wasHeld = await this.coordination.replace(key, LEASE, LEASE, ttlMs);
    if (!wasHeld) await this.coordination.set(key, LEASE, ttlMs);
    this.#remember(nodeId, true);
    return wasHeld;
  }

  async drop(nodeId: NodeId): Promise<void> {
    this.#answers.delete(nodeId);
    await this.coordination.delete(keyOf(nodeId));
    this.#answers.delete(nodeId);
  }

  /** Whether the node lived when it was last asked about. */
  isLive(nodeId: NodeId): boolean {
    return this.#answers.get(nodeId)?.isLive === true;
  }

  /** Whether nothing needs to be asked before isLive. */
  isKnown(nodeId: NodeId): boolean {
    const answer = this.#answers.get(nodeId);
    if (answer === undefined || !answer.isLive) return false;
    const ageMs = this.clock.now() - answer.askedAtMs;
    return ageMs >= 0 && ageMs < LEASE_BELIEVED_MS;
  }

  /** Asks about these nodes; questions about one node at one time are one question. */
  async ask(nodeIds: Iterable<NodeId>): Promise<void> {
    await Promise.all(Array.from(nodeIds, (nodeId) => this.#ask(nodeId)));
  }

  /** Asks now, whatever is believed or under way. */
  async askAnew(nodeId: NodeId): Promise<boolean> {
    const isLive = (await this.coordination.get(keyOf(nodeId))) !== undefined;
    this.#remember(nodeId, isLive);
    return isLive;
  }

  #ask(nodeId: NodeId): Promise<void> {
    const asking = this.#asking.get(nodeId);
    if (asking !== undefined) return asking;
    const answered = this.askAnew(nodeId)
      .then(() => undefined)
      .finally(() => this.#asking.delete(nodeId));
    this.#asking.set(nodeId, answered);
    return answered;
  }

  #remember(nodeId: NodeId, isLive: boolean): void {
    if (this.#answers.size >= NODES_MAX) this.#answers.clear();
    this.#answers.set(nodeId, { isLive, askedAtMs: this.clock.now() });
  }
}
