export { createKafkaEventLog } from './kafka-event-log.js';
export type { KafkaEventLogOptions, KafkaSasl } from './kafka-options.js';
export { type KafkaFacts, probeKafka } from './probe-kafka.js';
