// A link to a shared engine that takes its time. Moments that last a millisecond last long enough to be hit.
import { engineAddress } from '@parley/test-engines';
import { TcpProxy } from '@parley/testkit';

export interface SlowLink {
  /** Settings of server processes that go this way. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on; until then it is as fast as any. */
  slowDown(oneWayMs: number): void;
  close(): Promise<void>;
}

const SETTINGS = {
  redis: (port: number) => ({ PARLEY_REDIS_URL: `redis://127.0.0.1:${port}` }),
  cassandra: (port: number) => ({ PARLEY_CASSANDRA_CONTACT_POINTS: `127.0.0.1:${port}` }),
};

export async function slowLinkTo(engine: keyof typeof SETTINGS): Promise<SlowLink> {
  const proxy = await TcpProxy.start(Number(engineAddress(engine).split(':').at(-1)));
  return {
    env: SETTINGS[engine](proxy.port),
    slowDown: (oneWayMs) => proxy.delay(oneWayMs),
    close: () => proxy.close(),
  };
}
