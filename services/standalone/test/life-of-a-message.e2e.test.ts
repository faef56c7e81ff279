// docs/life-of-a-message.md against a message that really goes its way.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, temporaryDirectory, withoutSettings } from '@parley/testkit';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TRACE = fileURLToPath(new URL('./life/trace-one-message.mjs', import.meta.url));
const text = readFileSync(`${ROOT}docs/life-of-a-message.md`, 'utf8');

/** Repository paths in backticks, in order of appearance. */
const pathsIn = (part: string): string[] =>
  [...part.matchAll(/`([\w@.-]+\/[\w@./-]+)`/g)].map((match) => match[1] ?? '');

/** What a message passes only after a fault. */
const ONLY_AFTER_FAULTS = [
  'sending/retry-resolver.ts',
  'sending/counter-seeder.ts',
  'consumers/delivery-repair.ts',
  'use-cases/sync-messages.ts',
  'domain/holes.ts',
];

async function traceOneMessage(): Promise<string[]> {
  const directory = await temporaryDirectory();
  const [rest, gateway, admin] = [await freePort(), await freePort(), await freePort()];
  const { stdout } = await promisify(execFile)(process.execPath, [TRACE], {
    timeout: 30_000,
    env: {
      ...withoutSettings(process.env),
      NODE_OPTIONS: '',
      PARLEY_DATA_DIR: directory.path,
      PARLEY_LOG_LEVEL: 'error',
      PARLEY_BOOTSTRAP_APP_KEY: '0123456789abcdef'.repeat(4),
      PARLEY_REST_PORT: String(rest),
      PARLEY_GATEWAY_PORT: String(gateway),
      PARLEY_ADMIN_PORT: String(admin),
    },
  });
  await directory.remove();
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]');
}

describe('docs/life-of-a-message.md', () => {
  it('names only what exists', () => {
    const missing = pathsIn(text).filter((path) => !existsSync(ROOT + path));
    expect(missing).toEqual([]);
    expect(pathsIn(text).length).toBeGreaterThan(25);
  });

  it('names the files in the order in which a message passes them', async () => {
    const way = text.slice(0, text.indexOf('## Behind everybody'));
    const documented = pathsIn(way).filter(
      (path) => path.includes('/src/') && !ONLY_AFTER_FAULTS.some((name) => path.endsWith(name)),
    );
    const passed = await traceOneMessage();
    // Types and data have no functions to pass.
    const code = documented.filter((path) => !/(topics|tables|event-log)\.ts$/.test(path));
    expect(code.filter((path) => !passed.includes(path))).toEqual([]);
    expect(code).toEqual([...code].sort((a, b) => passed.indexOf(a) - passed.indexOf(b)));
  });

  it('names consumers and reads that a message really meets', async () => {
    const passed = await traceOneMessage();
    const behind = text.slice(text.indexOf('## Behind everybody'), text.indexOf('## When something dies'));
    const documented = pathsIn(behind).filter(
      (path) =>
        path.includes('/src/') &&
        !/tables\.ts$/.test(path) &&
        !ONLY_AFTER_FAULTS.some((name) => path.endsWith(name)),
    );
    expect(documented.filter((path) => !passed.includes(path))).toEqual([]);
  });
});
