/** Where `make engines-up` puts each engine when nothing else is configured. */
const DEFAULTS = {
  kafka: { variable: 'PARLEY_TEST_KAFKA', address: '127.0.0.1:19092' },
  cassandra: { variable: 'PARLEY_TEST_CASSANDRA', address: '127.0.0.1:19042' },
  redis: { variable: 'PARLEY_TEST_REDIS', address: '127.0.0.1:16379' },
} as const;

export type EngineName = keyof typeof DEFAULTS;

/** `host:port` of an engine for tests: PARLEY_TEST_KAFKA, …_CASSANDRA or …_REDIS, else the default of `make engines-up`. */
export function engineAddress(engine: EngineName): string {
  const { variable, address } = DEFAULTS[engine];
  return process.env[variable] || address;
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Splits `host:port`. @throws Error when it is not one. */
export function parseAddress(address: string): HostAndPort {
  const match = /^(?<host>[^:/\s]+):(?<port>\d{1,5})$/.exec(address);
  if (!match?.groups) throw new Error(`"${address}" is no host:port`);
  const { host, port } = match.groups as { host: string; port: string };
  return { host, port: Number(port) };
}
