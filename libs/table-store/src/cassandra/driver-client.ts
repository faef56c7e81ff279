// How the driver is set up.
import cassandra, { type Client, type ClientOptions } from 'cassandra-driver';
import {
  type CassandraTableStoreOptions,
  LOCAL_DATA_CENTER,
  portOf,
  REQUEST_TIMEOUT_MS,
  SECOND_TRY_MS,
} from './cassandra-options.js';
import { controlConnectionOf, refreshOneAtATime } from './single-refresh.js';

const { errors, policies, types } = cassandra;
const { retry, reconnection, speculativeExecution } = policies;

type Decision = ReturnType<cassandra.policies.retry.RetryPolicy['rethrowResult']>;
type OperationInfo = cassandra.policies.retry.OperationInfo;

/**
 * Within one attempt: another node, once, when the first did not take the request; never after a silence, which has
 * cost the attempt's time already. Whether and when to attempt again, the session decides.
 */
class OneOtherNode extends retry.RetryPolicy {
  override onRequestError(info: OperationInfo, _consistency: number, error: Error): Decision {
    if (error instanceof errors.OperationTimedOutError) return this.rethrowResult();
    return this.#otherNode(info);
  }

  override onUnavailable(info: OperationInfo): Decision {
    return this.#otherNode(info);
  }

  override onReadTimeout(): Decision {
    return this.rethrowResult();
  }

  override onWriteTimeout(): Decision {
    return this.rethrowResult();
  }

  #otherNode(info: OperationInfo): Decision {
    // A conditional write may have been agreed on before a replica was missed.
    if (info.nbRetry > 0 || !info.executionOptions.isIdempotent()) return this.rethrowResult();
    return this.retryResult(types.consistencies.localQuorum, false);
  }
}

/** Nodes that are asked beside a silent one: a second may itself wait for the first. */
const FURTHER_NODES = 2;
const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_FIRST_MS = 100;
/** Bounds how long after its node is back there may be no connection; an attempt a second costs next to nothing. */
const RECONNECT_MAX_MS = 1_000;
/** Notices that a node is gone although its connection is not. */
const HEARTBEAT_MS = 5_000;
/** So many requests without an answer, and the connection is made anew. */
const SILENT_REQUESTS_MAX = 32;
const REQUESTS_PER_CONNECTION_MAX = 2_048;

/** Plain writes bring their timestamps as a value; lightweight transactions take none. The driver's type leaves null out. */
const NO_TIMESTAMPS = null as unknown as cassandra.policies.timestampGeneration.TimestampGenerator;

export function createDriverClient(options: CassandraTableStoreOptions): Client {
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, secondTryMs = SECOND_TRY_MS, tls } = options;
  const settings: ClientOptions = {
    contactPoints: [...options.contactPoints],
    localDataCenter: options.localDataCenter ?? LOCAL_DATA_CENTER,
    protocolOptions: {
      // Nodes that are learned from the cluster are known by their addresses only.
      port: portOf(options.contactPoints[0] ?? ''),
      // The driver would wait for nodes that are down, too: schema/schema-agreement.ts waits for the others.
      maxSchemaAgreementWaitSeconds: 1,
    },
    ...(options.credentials && { credentials: options.credentials }),
    // The driver would trust everybody.
    ...(tls && { sslOptions: { rejectUnauthorized: true, ...(tls === true ? {} : tls) } }),
    encoding: { useBigIntAsLong: true },
    policies: {
      retry: new OneOtherNode(),
      reconnection: new reconnection.ExponentialReconnectionPolicy(RECONNECT_FIRST_MS, RECONNECT_MAX_MS),
      timestampGeneration: NO_TIMESTAMPS,
      speculativeExecution: new speculativeExecution.ConstantSpeculativeExecutionPolicy(
        secondTryMs,
        FURTHER_NODES,
      ),
    },
    pooling: { heartBeatInterval: HEARTBEAT_MS, maxRequestsPerConnection: REQUESTS_PER_CONNECTION_MAX },
    socketOptions: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      readTimeout: requestTimeoutMs,
      defunctReadTimeoutThreshold: SILENT_REQUESTS_MAX,
      keepAlive: true,
    },
    queryOptions: { prepare: true, consistency: types.consistencies.localQuorum, captureStackTrace: false },
  };
  const client = new cassandra.Client({ ...settings, monitorReporting: { enabled: false } });
  refreshOneAtATime(controlConnectionOf(client), options.logger);
  return client;
}
