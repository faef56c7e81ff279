// The same scenarios, through the published SDK in a real browser, against a real server process.
import { type TemporaryDirectory, temporaryDirectory } from '@parley/testkit';
import { buildSdk, findChromium, ScenarioPage } from './harness/scenario-page.js';
import { type RunningServer, startServer, worldOf } from './harness/world-on-server.js';
import { scenarios } from './scenarios/index.js';

describe('standalone, from Chromium', () => {
  let running: RunningServer;
  let directory: TemporaryDirectory;
  let sdk: string;
  let page: ScenarioPage;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    running = await startServer();
    sdk = await buildSdk(directory.path);
    page = await ScenarioPage.open(sdk);
  }, 120_000);
  afterAll(async () => {
    await page?.close();
    await running?.close();
    await directory?.remove();
  });

  it.each(Object.keys(scenarios))('%s', async (name) => {
    await page.run(name, worldOf(running, name.slice(0, 8).toLowerCase()));
  });

  it('met no error on either side', () => {
    expect(running.server.complaints).toEqual([]);
    expect(page.problems).toEqual([]);
  });

  it('needed nothing of Node', () => {
    expect(sdk).not.toMatch(/\bfrom\s*["']|\bimport\s*\(|\brequire\s*\(|["']node:/);
  });

  it('says which failure a scenario met', async () => {
    const nowhere = { ...worldOf(running, 'nowhere'), restUrl: 'http://127.0.0.1:1' };
    await expect(page.run('importSendReadBack', nowhere)).rejects.toThrow(/in Chromium: .*Failed to fetch/);
  });

  it('fails with the remedy where there is no browser', () => {
    expect(() => findChromium({ CHROMIUM_PATH: '/nowhere/chromium' })).toThrow(
      'no browser at /nowhere/chromium: install chromium (apt-get install chromium) or set CHROMIUM_PATH',
    );
  });
});
