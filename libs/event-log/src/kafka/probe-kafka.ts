// Whether Kafka is there for somebody with these options. Changes nothing.
import { ChatError, ErrorCode } from '@parley/kernel';
import { AdminConnection } from './admin-connection.js';
import { createKafkaClients } from './kafka-client.js';
import { isLoginRefused, reasonOf, rootCause } from './kafka-error.js';
import type { KafkaEventLogOptions } from './kafka-options.js';

export interface KafkaFacts {
  /** Brokers that the cluster has now. */
  readonly brokers: number;
}

/**
 * Connects, logs in, asks, disconnects; within `deadlineMs`, but for the end of connections that are being made.
 * @throws ChatError UNAVAILABLE when nobody answers, INTERNAL when the login is refused; the cause says what was met.
 */
export async function probeKafka(options: KafkaEventLogOptions, deadlineMs: number): Promise<KafkaFacts> {
  const clients = createKafkaClients(options);
  const admin = new AdminConnection(clients.prompt, options.logger);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    const { brokers } = await Promise.race([admin.ask((it) => it.describeCluster()), late]);
    return { brokers: brokers.length };
  } catch (thrown) {
    const cause = new Error(reasonOf(thrown), { cause: rootCause(thrown) });
    if (isLoginRefused(thrown)) {
      throw new ChatError(ErrorCode.INTERNAL, 'Kafka refuses the login', { cause });
    }
    throw new ChatError(ErrorCode.UNAVAILABLE, 'Kafka does not answer', { cause });
  } finally {
    clearTimeout(timer);
    await Promise.race([admin.close(), late.catch(() => undefined)]);
    clients.sockets.closeAll();
  }
}
