import { describeWithEngine, engineAddress } from '@parley/test-engines';
import { describeTableStoreContract } from '../testing/index.js';
import { TestKeyspace } from './testing/test-keyspace.js';

/** Tests of the schema wait for disks, more than once each. */
const DROP_TIMEOUT_MS = 60_000;

await describeWithEngine('Cassandra', engineAddress('cassandra'), (address) => {
  const keyspace = new TestKeyspace(address);
  afterAll(() => keyspace.drop(), DROP_TIMEOUT_MS);

  describeTableStoreContract('cassandra', async () => {
    let store = keyspace.open();
    return {
      store,
      advance: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      reopen: async () => {
        await store.close();
        store = keyspace.open();
        return store;
      },
      close: () => store.close(),
    };
  });
});
