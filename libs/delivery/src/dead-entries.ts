// Takes the entries of dead gateway nodes out of the registries' hashes.
//
// Removing is safe beside a node that comes back: it takes its lease before it registers
// again, so whoever removed an entry looks at the lease afterwards and puts it back if need be.
import type { Coordination, Hash } from '@parley/coordination';
import type { NodeId } from '@parley/kernel';
import type { LeaseBook } from './lease-book.js';

export interface DeadEntry {
  readonly field: string;
  readonly nodeId: NodeId;
}

/** Hashes whose dead entries are being removed. */
const REMOVALS_AT_ONCE = 64;

export class DeadEntries {
  readonly #removing = new Set<string>();

  constructor(
    private readonly coordination: Coordination,
    private readonly leases: LeaseBook,
  ) {}

  /** Removes them some time, unless that hash is being cleaned already, or too many are. */
  removeLater(key: string, hash: Hash, dead: readonly DeadEntry[]): void {
    if (this.#removing.has(key) || this.#removing.size >= REMOVALS_AT_ONCE) return;
    this.#removing.add(key);
    const forget = (): void => {
      this.#removing.delete(key);
    };
    // Failing is harmless: the next one who looks comes across the same entries.
    this.remove(key, hash, dead).then(forget, forget);
  }

  async remove(key: string, hash: Hash, dead: readonly DeadEntry[]): Promise<void> {
    await this.coordination.hashDelete(
      key,
      dead.map((entry) => entry.field),
    );
    const nodeIds = [...new Set(dead.map((entry) => entry.nodeId))];
    const isBack = await Promise.all(nodeIds.map((nodeId) => this.leases.askAnew(nodeId)));
    const back = new Set(nodeIds.filter((_, at) => isBack[at] === true));
    const restored = dead.filter((entry) => back.has(entry.nodeId)).map((entry) => entry.field);
    if (restored.length === 0) return;
    await this.coordination.hashSet(
      key,
      Object.fromEntries(restored.map((field) => [field, hash[field] ?? ''])),
    );
  }
}
