export { type CheckReport, checkHistory, type Invariant, type Violation } from './checker/check-history.js';
export {
  type AckEvent,
  type DeviceView,
  type FailEvent,
  type History,
  type HistoryEvent,
  HistoryRecorder,
  type SendEvent,
  type ShownEvent,
  type StoredConversation,
  type StoredMessage,
} from './checker/history.js';
