// What an engine brings to the contract suite.
import type { EventLog } from '../event-log.js';

export interface EventLogFixture {
  readonly log: EventLog;
  /**
   * Closes the log and opens what was stored with a new one, as a restarted process would. It knows
   * no topic until `ensureTopics` is called again.
   */
  reopen(): Promise<EventLog>;
  /** Called once, after the last test. */
  close(): Promise<void>;
}

/** The engine's clock must be real time: delays are measured. */
export type EventLogFactory = () => Promise<EventLogFixture>;
