export { createKafkaEventLog } from './kafka-event-log.js';
export type { KafkaEventLogOptions, KafkaSasl } from './kafka-options.js';
