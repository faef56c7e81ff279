// Gives a conversation's counter its numbers when coordination has none.
import type { Coordination } from '@parley/coordination';
import { READ_YOUR_WRITE_WAIT_MS } from '@parley/kernel';
import type { Conversation } from '../domain/conversation.js';
import { counterKey, seedingKey } from '../domain/reservation.js';
import { historyBehind } from '../errors.js';
import type { HistoryProgress } from '../reading/history-progress.js';
import type { HeadStore } from '../stores/head-store.js';
import type { SeqFloorStore } from '../stores/seq-floor-store.js';

/** Above it a number would not be exact in JavaScript; no conversation gets there. */
const LAST_NUMBER = BigInt(Number.MAX_SAFE_INTEGER);
const SEEDING_LEASE_MS = 2_000;

export interface CounterSeederOptions {
  readonly coordination: Coordination;
  readonly progress: HistoryProgress;
  readonly heads: HeadStore;
  readonly floors: SeqFloorStore;
  readonly partitionOf: (conversation: Conversation) => number;
  /** Numbers claimed at once in a cluster. */
  readonly blockSize: bigint;
  /** Tells leases of this process apart from others'. */
  readonly nodeId: string;
}

export class CounterSeeder {
  readonly #running = new Map<string, Promise<void>>();
  #leases = 0;

  constructor(private readonly options: CounterSeederOptions) {}

  /**
   * After it the counter has numbers, or another process is giving it some. One at a time per conversation.
   * @throws ChatError UNAVAILABLE when the tables, the log or coordination cannot say where to go on.
   */
  seed(conversation: Conversation): Promise<void> {
    const { key } = conversation;
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const work = this.#seed(conversation).finally(() => this.#running.delete(key));
    this.#running.set(key, work);
    return work;
  }

  #seed(conversation: Conversation): Promise<void> {
    return this.options.coordination.scope === 'process'
      ? this.#continueHead(conversation)
      : this.#claimBlock(conversation);
  }

  /** Nobody else can hold a number, so the highest one in the log is the last one taken. */
  async #continueHead(conversation: Conversation): Promise<void> {
    const { progress, heads, coordination, partitionOf } = this.options;
    if (!(await progress.catchUp(partitionOf(conversation), READ_YOUR_WRITE_WAIT_MS))) throw historyBehind();
    const [head] = await heads.getMany([conversation]);
    await coordination.seedCounter(counterKey(conversation), (head?.takenSeq ?? 0n) + 1n, LAST_NUMBER);
  }

  /**
   * Others may hold numbers that are in no log yet, so only the durable floor is safe. The lease keeps two
   * claims from skipping a block, and who lost it, after a pause or with the rest of coordination, seeds nothing:
   * numbers of a later block may have been given out and forgotten meanwhile, and lower ones would come after them.
   */
  async #claimBlock(conversation: Conversation): Promise<void> {
    const { coordination, floors, heads, blockSize, nodeId } = this.options;
    const lease = `${nodeId} ${++this.#leases}`;
    const key = seedingKey(conversation);
    const holder = await coordination.putIfAbsent(key, lease, SEEDING_LEASE_MS);
    if (holder !== lease) return;
    // A floor that came from a backup lies below numbers that the log gave back to the head.
    const [head] = await heads.getMany([conversation]);
    const block = await floors.claim(conversation, blockSize, head?.takenSeq ?? 0n);
    await coordination.seedCounterOnce({
      counter: counterKey(conversation),
      ...block,
      lease: { key, value: lease },
    });
  }
}
