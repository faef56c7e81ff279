export { eachRecord, type RecordFollower } from './consumer/each-record.js';
export { createEmbeddedEventLog, type EmbeddedEventLogOptions } from './embedded/embedded-event-log.js';
export type {
  BatchHandler,
  DeadLetter,
  EventLog,
  LogBatch,
  LogRecord,
  Position,
  SubscribeOptions,
  Subscription,
  Topic,
} from './event-log.js';
