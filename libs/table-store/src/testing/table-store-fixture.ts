// What an engine brings to the contract suite.
import type { TableStore } from '../table-store.js';

export interface TableStoreFixture {
  readonly store: TableStore;
  /**
   * Lets `ms` pass for rows that end, and resolves when it has: by moving an injected clock, or by
   * waiting. Real time may run beside it.
   */
  advance(ms: number): Promise<void>;
  /**
   * Closes the store and opens what was stored with a new one, as a restarted process would. It
   * knows no table until `migrate` is called again.
   */
  reopen(): Promise<TableStore>;
  /** Called once, after the last test. */
  close(): Promise<void>;
}

export type TableStoreFactory = () => Promise<TableStoreFixture>;
