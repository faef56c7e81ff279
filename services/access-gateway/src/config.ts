// Settings of the access gateway.
import { defineSection, field } from '@parley/config';
import { z } from 'zod';

export interface GatewayConfig {
  readonly bind: string;
  readonly port: number;
  readonly tlsCertFile: string;
  readonly tlsKeyFile: string;
  readonly connectionsMax: number;
  readonly preLoginMax: number;
  readonly loginDeadlineMs: number;
  readonly pingIntervalMs: number;
  readonly idleLimitMs: number;
  readonly callsInFlightMax: number;
  readonly bytesInFlightMax: number;
  readonly outgoingBytesMax: number;
  readonly outgoingBytesTotalMax: number;
  readonly framesPerSecond: number;
  readonly framesBurst: number;
  readonly sendsPerSecond: number;
  readonly sendsBurst: number;
  readonly readsPerSecond: number;
  readonly readsBurst: number;
  readonly writesPerSecond: number;
  readonly writesBurst: number;
  readonly loginsPerSecond: number;
  readonly loginsBurst: number;
  readonly resumesPerSecond: number;
  readonly resumesBurst: number;
  readonly leaseRenewMs: number;
  readonly leaseTtlMs: number;
  readonly drainWindowMs: number;
  readonly drainSlotMs: number;
  readonly moveAddresses: string[];
}

const count = (max: number) => z.number().int().min(1).max(max);
const milliseconds = (max: number) => z.number().int().min(1).max(max);

const DOOR = {
  bind: field({
    schema: z.string().min(1),
    default: '127.0.0.1',
    env: 'PARLEY_BIND',
    doc: 'Address that the public ports listen on.',
  }),
  port: field({
    schema: z.number().int().min(0).max(65_535),
    default: 8081,
    env: 'PARLEY_GATEWAY_PORT',
    doc: 'Port for WebSocket clients; 0 picks a free one.',
  }),
  tlsCertFile: field({
    schema: z.string(),
    default: '',
    env: 'PARLEY_GATEWAY_TLS_CERT_FILE',
    doc: 'PEM file with the certificate chain; together with the key file it turns TLS on.',
  }),
  tlsKeyFile: field({
    schema: z.string(),
    default: '',
    env: 'PARLEY_GATEWAY_TLS_KEY_FILE',
    doc: 'PEM file with the private key of the certificate.',
  }),
};

const CONNECTIONS = {
  connectionsMax: field({
    schema: count(1_000_000),
    default: 100_000,
    env: 'PARLEY_GATEWAY_CONNECTIONS_MAX',
    doc: 'Connections of this node; a further one is answered 503.',
  }),
  preLoginMax: field({
    schema: count(100_000),
    default: 2_000,
    env: 'PARLEY_GATEWAY_PRE_LOGIN_MAX',
    doc: 'Connections that have not logged in yet; a further one is answered 503.',
  }),
  loginDeadlineMs: field({
    schema: milliseconds(60_000),
    default: 5_000,
    env: 'PARLEY_GATEWAY_LOGIN_DEADLINE_MS',
    unit: 'ms',
    doc: 'Time from the handshake to the Hello.',
  }),
  pingIntervalMs: field({
    schema: milliseconds(600_000),
    default: 30_000,
    env: 'PARLEY_GATEWAY_PING_INTERVAL_MS',
    unit: 'ms',
    doc: 'How often a client is asked to ping.',
  }),
  idleLimitMs: field({
    schema: milliseconds(3_600_000),
    default: 75_000,
    env: 'PARLEY_GATEWAY_IDLE_LIMIT_MS',
    unit: 'ms',
    doc: 'A connection that says nothing for this long is ended.',
  }),
  callsInFlightMax: field({
    schema: count(100_000),
    default: 1_000,
    env: 'PARLEY_GATEWAY_CALLS_IN_FLIGHT_MAX',
    doc: 'Unanswered calls of one connection; a further one is refused with 9507.',
  }),
  bytesInFlightMax: field({
    schema: z.number().int().min(65_536).max(67_108_864),
    default: 1_048_576,
    env: 'PARLEY_GATEWAY_BYTES_IN_FLIGHT_MAX',
    unit: 'bytes',
    doc: 'Request bytes of the unanswered calls of one connection; a further call is refused with 9507.',
  }),
  outgoingBytesMax: field({
    schema: z.number().int().min(65_536).max(67_108_864),
    default: 1_048_576,
    env: 'PARLEY_GATEWAY_OUTGOING_BYTES_MAX',
    unit: 'bytes',
    doc: 'Bytes waiting for one slow reader before it is dropped.',
  }),
  outgoingBytesTotalMax: field({
    schema: z.number().int().min(1_048_576).max(1_099_511_627_776),
    default: 536_870_912,
    env: 'PARLEY_GATEWAY_OUTGOING_BYTES_TOTAL_MAX',
    unit: 'bytes',
    doc: 'Bytes waiting for all slow readers of this node before the slowest are dropped.',
  }),
};

const perSecond = (what: string, env: string, value: number) =>
  field({ schema: count(1_000_000), default: value, env, unit: '1/s', doc: `${what} per connection.` });
const burst = (what: string, env: string, value: number) =>
  field({ schema: count(1_000_000), default: value, env, doc: `${what} of one connection at once.` });

const RATES = {
  framesPerSecond: perSecond('Frames of any kind', 'PARLEY_GATEWAY_FRAMES_PER_SECOND', 2_000),
  framesBurst: burst('Frames of any kind', 'PARLEY_GATEWAY_FRAMES_BURST', 4_000),
  sendsPerSecond: perSecond('Sends', 'PARLEY_GATEWAY_SENDS_PER_SECOND', 200),
  sendsBurst: burst('Sends', 'PARLEY_GATEWAY_SENDS_BURST', 400),
  readsPerSecond: perSecond('Reads', 'PARLEY_GATEWAY_READS_PER_SECOND', 200),
  readsBurst: burst('Reads', 'PARLEY_GATEWAY_READS_BURST', 1_000),
  writesPerSecond: perSecond('Other writes', 'PARLEY_GATEWAY_WRITES_PER_SECOND', 100),
  writesBurst: burst('Other writes', 'PARLEY_GATEWAY_WRITES_BURST', 400),
};

const admission = (what: string, name: string, perSecondDefault: number) => ({
  perSecond: field({
    schema: count(1_000_000),
    default: perSecondDefault,
    env: `PARLEY_GATEWAY_${name}_PER_SECOND`,
    unit: '1/s',
    doc: `${what} of this node; who comes beyond is told when to come back.`,
  }),
  burst: field({
    schema: count(1_000_000),
    default: 2 * perSecondDefault,
    env: `PARLEY_GATEWAY_${name}_BURST`,
    doc: `${what} of this node at once.`,
  }),
});
const LOGINS = admission('Logins with a UserSig', 'LOGINS', 2_000);
const RESUMES = admission('Logins that come back with a ticket', 'RESUMES', 5_000);

const ADMISSION = {
  loginsPerSecond: LOGINS.perSecond,
  loginsBurst: LOGINS.burst,
  resumesPerSecond: RESUMES.perSecond,
  resumesBurst: RESUMES.burst,
};

const LIFECYCLE = {
  leaseRenewMs: field({
    schema: milliseconds(60_000),
    default: 5_000,
    env: 'PARLEY_GATEWAY_LEASE_RENEW_MS',
    unit: 'ms',
    doc: "How often the node's lease is renewed.",
  }),
  leaseTtlMs: field({
    schema: milliseconds(600_000),
    default: 20_000,
    env: 'PARLEY_GATEWAY_LEASE_TTL_MS',
    unit: 'ms',
    doc: "Without renewal the node's sessions count as gone after this time.",
  }),
  drainWindowMs: field({
    schema: milliseconds(600_000),
    default: 10_000,
    env: 'PARLEY_GATEWAY_DRAIN_WINDOW_MS',
    unit: 'ms',
    doc: 'A stopping node sends its clients away within this time.',
  }),
  drainSlotMs: field({
    schema: milliseconds(60_000),
    default: 100,
    env: 'PARLEY_GATEWAY_DRAIN_SLOT_MS',
    unit: 'ms',
    doc: 'Clients are sent away in groups, one group in each slot of this length.',
  }),
  moveAddresses: field({
    schema: z.array(z.string().min(1)).max(64),
    default: [],
    env: 'PARLEY_GATEWAY_MOVE_ADDRESSES',
    doc: 'WebSocket addresses of other gateways, separated by commas, for clients of a draining node.',
  }),
};

export const gatewayConfig = defineSection<GatewayConfig>('gateway', {
  ...DOOR,
  ...CONNECTIONS,
  ...RATES,
  ...ADMISSION,
  ...LIFECYCLE,
});
