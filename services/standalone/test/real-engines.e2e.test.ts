// The same scenarios in one process, with tables on Cassandra, the event log on Kafka and coordination on Redis.
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import { localEngineSettings } from '@parley/testkit';
import { type RunningServer, startServer, worldOf } from './harness/world-on-server.js';
import { scenarios } from './scenarios/index.js';

// Kafka and Redis come up with Cassandra; without them the server does not start, and says so.
await describeWithEngine('Cassandra', engineAddress('cassandra'), () => {
  let running: RunningServer;
  beforeAll(async () => {
    running = await startServer(localEngineSettings(`e2e${Date.now().toString(36)}`));
  }, 90_000);
  afterAll(() => running?.close());

  it.each(Object.keys(scenarios))('%s', async (name) => {
    await scenarios[name]?.(worldOf(running, name.slice(0, 8).toLowerCase()));
  });

  it('logged no error', () => {
    const errors = running.server.log.split('\n').filter((line) => line.includes('"level":"error"'));
    expect(errors).toEqual([]);
  });
});
