// The same scenarios, through the SDK in a real browser, against a real server process.
import { ScenarioPage } from './harness/scenario-page.js';
import { type RunningServer, startServer, worldOf } from './harness/world-on-server.js';
import { scenarios } from './scenarios/index.js';

describe('standalone, from Chromium', () => {
  let running: RunningServer;
  let page: ScenarioPage;
  beforeAll(async () => {
    running = await startServer();
    page = await ScenarioPage.open();
  }, 60_000);
  afterAll(async () => {
    await page?.close();
    await running?.close();
  });

  it.each(Object.keys(scenarios))('%s', async (name) => {
    await page.run(name, worldOf(running, name.slice(0, 8).toLowerCase()));
  });

  it('met no error on either side', () => {
    const errors = running.server.log.split('\n').filter((line) => line.includes('"level":"error"'));
    expect(errors).toEqual([]);
    expect(page.problems).toEqual([]);
  });
});
