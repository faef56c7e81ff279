// Where the report's sources lie in the repository.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type Claim, claimsIn } from './claims.js';
import { parseRows, type Row } from './rows.js';

export const REPORT_PATH = 'docs/parity.md';
const ROWS_PATH = 'docs/parity/parity.json';
/** The same roots and names as the test runner's. */
const TEST_ROOTS = ['libs', 'services'];
const TEST_FILE = /\.test\.ts$/;
const FOREIGN_FOLDERS: ReadonlySet<string> = new Set(['node_modules', 'dist', 'gen']);
/** This package's own tests write tags about rows that do not exist. */
const OWN_FOLDER = 'libs/parity/';

export const readRows = (root: string): Row[] => parseRows(readFileSync(join(root, ROWS_PATH), 'utf8'));

/** Every claim of every test file, ordered by file and line. */
export function readClaims(root: string): Claim[] {
  return TEST_ROOTS.flatMap((folder) => testFilesUnder(join(root, folder)))
    .map((path) => ({ path, file: relative(root, path).split(sep).join('/') }))
    .filter(({ file }) => !file.startsWith(OWN_FOLDER))
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .flatMap(({ path, file }) => claimsIn(readFileSync(path, 'utf8'), file));
}

function testFilesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return FOREIGN_FOLDERS.has(entry.name) ? [] : testFilesUnder(path);
    return TEST_FILE.test(entry.name) ? [path] : [];
  });
}
