// Settings of the REST door.
import { defineSection, field } from '@parley/config';
import { z } from 'zod';

export interface RestApiConfig {
  readonly bind: string;
  readonly port: number;
  readonly tlsCertFile: string;
  readonly tlsKeyFile: string;
  readonly connectionsMax: number;
  readonly requestsInFlightMax: number;
  readonly backendTimeoutMs: number;
  readonly receiveTimeoutMs: number;
  readonly rateFactor: number;
  readonly rateFactorByApp: string;
}

const count = (max: number) => z.number().int().min(1).max(max);
/** `<sdkappid>=<factor>`, separated by commas. */
const FACTORS = /^([1-9][0-9]{0,9}=[0-9]{1,6}(\.[0-9]{1,3})?(,(?!$)|$))*$/;

const TLS = {
  tlsCertFile: field({
    schema: z.string(),
    default: '',
    env: 'PARLEY_REST_TLS_CERT_FILE',
    doc: 'PEM file with the certificate chain; together with the key file it turns TLS on.',
  }),
  tlsKeyFile: field({
    schema: z.string(),
    default: '',
    env: 'PARLEY_REST_TLS_KEY_FILE',
    doc: 'PEM file with the private key of the certificate.',
  }),
};

const RATES = {
  rateFactor: field({
    schema: z.number().min(0).max(100_000),
    default: 1,
    env: 'PARLEY_REST_RATE_FACTOR',
    doc: 'Every documented rate limit is multiplied by this; 0 turns the limits off.',
  }),
  rateFactorByApp: field({
    schema: z.string().regex(FACTORS, 'expected <sdkappid>=<factor>, separated by commas'),
    default: '',
    env: 'PARLEY_REST_RATE_FACTOR_BY_APP',
    doc: 'The same for single apps, such as 1400000001=5,1400000002=0; it replaces the general factor.',
  }),
};

export const restApiConfig = defineSection<RestApiConfig>('rest', {
  bind: field({
    schema: z.string().min(1),
    default: '127.0.0.1',
    env: 'PARLEY_BIND',
    doc: 'Address that the public ports listen on.',
  }),
  port: field({
    schema: z.number().int().min(0).max(65_535),
    default: 8080,
    env: 'PARLEY_REST_PORT',
    doc: 'Port for REST calls; 0 picks a free one.',
  }),
  connectionsMax: field({
    schema: count(100_000),
    default: 10_000,
    env: 'PARLEY_REST_CONNECTIONS_MAX',
    doc: 'Connections of this node; a further one is closed at once.',
  }),
  requestsInFlightMax: field({
    schema: count(100_000),
    default: 512,
    env: 'PARLEY_REST_REQUESTS_IN_FLIGHT_MAX',
    doc: 'Requests that this node works on at once; a further one is answered 60018.',
  }),
  backendTimeoutMs: field({
    schema: z.number().int().min(100).max(60_000),
    default: 3_000,
    env: 'PARLEY_REST_BACKEND_TIMEOUT_MS',
    unit: 'ms',
    doc: 'Time for the work behind one request.',
  }),
  receiveTimeoutMs: field({
    schema: z.number().int().min(100).max(600_000),
    default: 15_000,
    env: 'PARLEY_REST_RECEIVE_TIMEOUT_MS',
    unit: 'ms',
    doc: 'Time for receiving one whole request.',
  }),
  ...TLS,
  ...RATES,
});
