// A function does one thing, a file holds one idea. biome counts the lines of functions; this file checks that it
// does, that nobody talks it out of it, and counts the lines of files.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FILE_LINES_MAX = 400;
const RULE = 'lint/complexity/noExcessiveLinesPerFunction';
// What tools wrote, and what nobody wrote.
const IGNORED_FOLDERS: ReadonlySet<string> = new Set([
  'node_modules',
  'dist',
  'gen',
  'package',
  'data',
  'coverage',
  '.git',
  '.test-results',
]);
const SOURCE_NAME = /[.](ts|mts|cts|js|mjs|cjs|proto)$/;

function sourceFiles(folder = ''): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return IGNORED_FOLDERS.has(entry.name) ? [] : sourceFiles(path);
    return entry.isFile() && SOURCE_NAME.test(entry.name) ? [path] : [];
  });
}

interface Finding {
  readonly category: string;
  readonly location: { readonly path: string };
}

/** The functions that biome finds too long, under the repository's own configuration. */
function longFunctions(directory: string): readonly string[] {
  const report = ['lint', '--reporter=json', '--max-diagnostics=none', '--diagnostic-level=error', '.'];
  const { stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/biome'), report, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (!stdout.startsWith('{')) throw new Error(`biome wrote no report: ${stderr}${stdout}`);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Finding[] };
  return diagnostics.filter(({ category }) => category === RULE).map(({ location }) => location.path);
}

/** A folder under the same configuration, with one file. */
function folderWith(file: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-sizes-'));
  for (const name of ['biome.json', '.gitignore']) cpSync(join(ROOT, name), join(folder, name));
  writeFileSync(join(folder, file), text);
  return folder;
}

const functionOf = (lines: number): string =>
  [
    'export function long() {',
    ...Array.from({ length: lines - 2 }, (_, i) => `  console.log(${i});`),
    '}',
    '',
  ].join('\n');

describe('sizes', () => {
  const files = sourceFiles();

  it(`keeps every file within ${FILE_LINES_MAX} lines`, () => {
    expect(files.length).toBeGreaterThan(100);
    const long = files
      .map((file) => ({ file, lines: readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > FILE_LINES_MAX);
    expect(long).toEqual([]);
  });

  it('keeps every function within 70 lines', () => {
    expect(longFunctions(ROOT)).toEqual([]);
  });

  it.each([
    // biome counts the body alone, so its bound is a little lower.
    [68, []],
    [71, ['long.ts']],
  ])('of a function of %d lines finds %j too long', (lines, found) => {
    const folder = folderWith('long.ts', functionOf(lines));
    expect(longFunctions(folder)).toEqual(found);
    rmSync(folder, { recursive: true });
  });

  it('lets nobody suppress the rule', () => {
    const suppression = `biome-ignore${' '}${RULE}`;
    expect(files.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes(suppression))).toEqual([]);
  });
});
