export { CapturedLog, type LogLevel, type LogLine } from './captured-log.js';
export { FakeClock } from './fake-clock.js';
export {
  type ConnectOptions,
  type FakeConnection,
  FakeGateway,
  type RecordedDisconnect,
  type RecordedPush,
  type RecordedRoomsChange,
} from './platform/fake-gateway.js';
export { createTestPlatform, TestPlatform, type TestPlatformOptions } from './platform/test-platform.js';
export { type ClusterMember, type ClusterOptions, ClusterProcesses } from './process/cluster-processes.js';
export { localEngineSettings } from './process/local-engines.js';
export {
  freePort,
  type ServerAddresses,
  ServerProcess,
  type ServerProcessOptions,
  withoutSettings,
} from './process/server-process.js';
export { seededRandom } from './seeded-random.js';
export { TcpProxy } from './tcp-proxy.js';
export { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';
export { type WaitOptions, waitFor } from './wait-for.js';
