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
