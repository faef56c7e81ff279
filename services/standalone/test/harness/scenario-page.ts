// The scenarios inside a page of headless Chromium.
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { World } from '../scenarios/world.js';

const CHROMIUM = process.env.PARLEY_CHROMIUM ?? '/usr/bin/chromium';
// The browser looks for updates and the like; none of that belongs in a test.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const ENTRY = `
import { scenarios } from ${JSON.stringify(fileURLToPath(new URL('../scenarios/index.ts', import.meta.url)))};
window.runScenario = (name, world) => scenarios[name](world).then(() => 'ok', (error) => String(error?.stack ?? error));
`;

/** The scenarios and the SDK as one script. esbuild refuses what a browser does not have. */
async function bundle(): Promise<string> {
  const result = await build({
    stdin: { contents: ENTRY, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['source'],
    write: false,
  });
  return result.outputFiles[0]?.text ?? '';
}

export class ScenarioPage {
  /** What the page complained about, beside the scenarios' own failures. */
  readonly problems: string[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly page: Page,
  ) {
    page.on('pageerror', (error) => this.problems.push(String(error)));
  }

  /** @throws Error when there is no browser. */
  static async open(): Promise<ScenarioPage> {
    if (!existsSync(CHROMIUM)) {
      throw new Error(
        `no browser at ${CHROMIUM}: install chromium (apt-get install chromium) or set PARLEY_CHROMIUM`,
      );
    }
    const script = await bundle();
    const server = createServer((request, response) => {
      const isScript = request.url === '/scenarios.js';
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
      response.end(
        isScript
          ? script
          : '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/scenarios.js"></script>',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('window.runScenario !== undefined');
    return new ScenarioPage(browser, server, page);
  }

  /** @throws Error with the failure that happened in the page. */
  async run(name: string, world: World): Promise<void> {
    const outcome = await this.page.evaluate(
      `window.runScenario(${JSON.stringify(name)}, ${JSON.stringify(world)})`,
    );
    if (outcome !== 'ok') throw new Error(`in Chromium: ${outcome}`);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }
}
