// Every scenario, through the SDK in Node, against a real server process.
import { type RunningServer, startServer, worldOf } from './harness/world-on-server.js';
import { scenarios } from './scenarios/index.js';

describe('standalone, from Node', () => {
  let running: RunningServer;
  beforeAll(async () => {
    running = await startServer();
  });
  afterAll(() => running.close());

  it.each(Object.keys(scenarios))('%s', async (name) => {
    await scenarios[name]?.(worldOf(running, name.slice(0, 8).toLowerCase()));
  });

  it('logged no error', () => {
    const errors = running.server.log.split('\n').filter((line) => line.includes('"level":"error"'));
    expect(errors).toEqual([]);
  });
});
