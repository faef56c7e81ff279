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
export { type ClusterBenchOptions, runClusterBench } from './cluster/run-cluster-bench.js';
export { type ChatTarget, groupTarget, userTarget } from './load/chat-target.js';
export { RawClient, type RawClientOptions } from './load/raw-client.js';
export { EnginesNotFound } from './measure/engine-processes.js';
export { cpuSecondsOf, residentBytesOf } from './measure/process-cost.js';
export {
  type BenchReport,
  type ClusterReport,
  createReport,
  renderCpuSplit,
  renderTable,
} from './report/report.js';
export { type BenchOptions, runBench, scenarioNames } from './run-bench.js';
export { type ChatRunOptions, runChat } from './scenarios/chat-run.js';
