// The scenarios inside a page of headless Chromium, on the SDK as it is published.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { World } from '../scenarios/world.js';

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
const BUILD_PACKAGE = fileURLToPath(
  new URL('../../../../libs/sdk/src/packaging/build-package.ts', import.meta.url),
);
const SCENARIOS = fileURLToPath(new URL('../scenarios/index.ts', import.meta.url));
const ENTRY = `
import { scenarios } from ${JSON.stringify(SCENARIOS)};
window.runScenario = (name, world) => scenarios[name](world).then(() => 'ok', (error) => String(error?.stack ?? error));
`;
const PAGE = `<!doctype html><link rel="icon" href="data:,">
<script type="importmap">{"imports":{"@parley/sdk":"/parley-sdk.js"}}</script>
<script type="module" src="/scenarios.js"></script>`;

/** @throws Error with the remedy when there is no browser. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  const path = env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  if (existsSync(path)) return path;
  throw new Error(`no browser at ${path}: install chromium (apt-get install chromium) or set CHROMIUM_PATH`);
}

/** The published bundle, made anew in the directory. */
export async function buildSdk(directory: string): Promise<string> {
  // The package directory is replaced, so it must be one of its own.
  const packaged = join(directory, 'package');
  await promisify(execFile)(process.execPath, [BUILD_PACKAGE, packaged], {
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  return readFile(join(packaged, 'parley-sdk.js'), 'utf8');
}

/** The scenarios as one script, without the SDK. esbuild refuses what a browser does not have. */
async function bundleScenarios(): Promise<string> {
  const result = await build({
    stdin: { contents: ENTRY, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    external: ['@parley/sdk'],
    write: false,
  });
  return result.outputFiles[0]?.text ?? '';
}

/** Serves texts by path on loopback. */
async function serve(files: ReadonlyMap<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const text = files.get(path);
    response.writeHead(text === undefined ? 404 : 200, {
      'content-type': path.endsWith('.js') ? 'text/javascript' : 'text/html',
    });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
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
    page.on('requestfailed', (request) => this.problems.push(`${request.method()} ${request.url()} failed`));
  }

  /** @throws Error when there is no browser, or when the page does not load. */
  static async open(sdk: string): Promise<ScenarioPage> {
    const executablePath = findChromium();
    const files = [
      ['/', PAGE],
      ['/scenarios.js', await bundleScenarios()],
      ['/parley-sdk.js', sdk],
    ] as const;
    const server = await serve(new Map(files));
    const browser = await chromium.launch({ executablePath, args: FLAGS });
    const page = new ScenarioPage(browser, server, await browser.newPage());
    await page.load();
    return page;
  }

  private async load(): Promise<void> {
    await this.page.goto(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`);
    try {
      await this.page.waitForFunction('window.runScenario !== undefined', undefined, { timeout: 10_000 });
    } catch (cause) {
      await this.close();
      throw new Error(`the scenarios did not load: ${this.problems.join('; ')}`, { cause });
    }
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
