// Tests that need a real engine. Nothing is skipped silently: an absent engine is printed, and where
// engines are required it is a failure.
import { connect } from 'node:net';
import { parseAddress } from './engine-address.js';

const CONNECT_TIMEOUT_MS = 2_000;

/** Whether a run without an engine is red: in CI, and where PARLEY_REQUIRE_ENGINES=1 says so. */
const areEnginesRequired = (): boolean =>
  process.env.CI === 'true' || process.env.PARLEY_REQUIRE_ENGINES === '1';

/** Resolves to undefined when something listens at the address, else to the reason. Bounded by 2 s. */
export function whyUnreachable(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ ...parseAddress(address), timeout: CONNECT_TIMEOUT_MS });
    const end = (reason: string | undefined) => () => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', end(undefined));
    socket.once('timeout', end(`no answer within ${CONNECT_TIMEOUT_MS} ms`));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message)());
  });
}

/**
 * Registers the tests of `fn` when the engine at `address` (`host:port`) can be reached. Otherwise one
 * line says what was left out, and with CI=true or PARLEY_REQUIRE_ENGINES=1 one failing test stands in
 * their place. Await it at the top of a test file:
 *
 *     await describeWithEngine('Kafka', engineAddress('kafka'), (address) => { … });
 */
export async function describeWithEngine(
  name: string,
  address: string,
  fn: (address: string) => void,
): Promise<void> {
  const reason = await whyUnreachable(address);
  if (reason === undefined) {
    describe(`with ${name}`, () => fn(address));
    return;
  }
  const remedy = `${name} does not answer at ${address} (${reason}): start it with \`make engines-up\``;
  if (areEnginesRequired()) {
    it(`needs ${name}`, () => {
      throw new Error(remedy);
    });
    return;
  }
  it(`left out, because ${name} does not answer at ${address}`, () => {
    process.stderr.write(`LEFT OUT: ${remedy}\n`);
  });
}
