export { CapturedLog, type LogLevel, type LogLine } from './captured-log.js';
export { FakeClock } from './fake-clock.js';
export {
  freePort,
  type ServerAddresses,
  ServerProcess,
  type ServerProcessOptions,
} from './process/server-process.js';
export { seededRandom } from './seeded-random.js';
export { TcpProxy } from './tcp-proxy.js';
export { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';
export { type WaitOptions, waitFor } from './wait-for.js';
