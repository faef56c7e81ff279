// The same scenarios with the event log on Kafka and coordination on Redis.

import { describeWithEngine, engineAddress } from '@parley/test-engines';
import { localEngineSettings } from '@parley/testkit';
import { type RunningServer, startServer, worldOf } from './harness/world-on-server.js';
import { scenarios } from './scenarios/index.js';

// Redis comes up with Kafka; without it the server does not start, and says so.
await describeWithEngine('Kafka', engineAddress('kafka'), () => {
  let running: RunningServer;
  beforeAll(async () => {
    const settings = localEngineSettings(`e2e${Date.now().toString(36)}`);
    const engines = Object.entries(settings).filter(([name]) =>
      /KAFKA|EVENT_LOG|REDIS|COORDINATION/.test(name),
    );
    running = await startServer(Object.fromEntries(engines));
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
