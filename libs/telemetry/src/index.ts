export type { LogFields, Logger } from './logger.js';
export type { Counter, Histogram, Labels, Metrics } from './metrics.js';
