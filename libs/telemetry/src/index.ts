export { LOG_TEXT_CHARS_MAX } from './log-fields.js';
export {
  createLogRoot,
  isLogLevel,
  LOG_LEVELS,
  type LogLevel,
  type LogRoot,
  type LogRootOptions,
  type LogSink,
  silentLogger,
} from './log-root.js';
export type { LogFields, Logger } from './logger.js';
export {
  createMetricRegistry,
  LABEL_SETS_MAX,
  METER_NAME,
  type MetricRegistry,
  PROMETHEUS_CONTENT_TYPE,
} from './metric-registry.js';
export type { Counter, Histogram, Labels, Metrics } from './metrics.js';
export { registerProcessMetrics } from './process-metrics.js';
