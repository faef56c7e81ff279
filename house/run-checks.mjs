// Every check of the repository, one after the other, and the totals. A failing check does not
// stop the later ones. The last line is "N passed, N failed": each check that is no test run counts
// as one, each test counts as one.
//
//   node house/run-checks.mjs [--no-tests]
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compareGeneratedCode } from './generated-code.mjs';
import { readJestTotals } from './jest-totals.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RESULTS_DIR = '.test-results';
const JEST_RESULTS = `${RESULTS_DIR}/jest.json`;

const command =
  (...argv) =>
  () => {
    const { status, error } = spawnSync(argv[0], argv.slice(1), { cwd: ROOT, stdio: 'inherit' });
    if (error) console.error(error.message);
    return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
  };

function runGeneratedCodeCheck() {
  const differences = compareGeneratedCode(ROOT);
  for (const line of differences) console.error(line);
  return { passed: differences.length === 0 ? 1 : 0, failed: differences.length === 0 ? 0 : 1 };
}

function runTests() {
  rmSync(`${ROOT}/${JEST_RESULTS}`, { force: true });
  // forceExit: a failed test may leave sockets open, and a gate that hangs says nothing.
  const { status } = spawnSync('jest', ['--ci', '--forceExit', '--json', `--outputFile=${JEST_RESULTS}`], {
    cwd: ROOT,
    // The report goes to the file; what people read goes to standard error.
    stdio: ['inherit', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
  });
  const totals = readJestTotals(`${ROOT}/${JEST_RESULTS}`, ROOT);
  for (const line of totals.complaints) console.error(line);
  if (status !== 0 && totals.failed === 0) {
    console.error(`jest ended with code ${status} although no test failed`);
    return { passed: totals.passed, failed: 1 };
  }
  return totals;
}

const CHECKS = [
  ['style and formatting', command('biome', 'ci', '.')],
  ['contracts', command('buf', 'lint')],
  ['generated code is up to date', runGeneratedCodeCheck],
  ['types', command('tsc', '-b')],
  ['types of test folders', command('tsc', '-p', 'tsconfig.test.json')],
  [
    'dependency rules',
    command('depcruise', '--config', '.dependency-cruiser.cjs', 'libs', 'services', 'house'),
  ],
  ['tests', runTests],
  // After the tests: a row of docs/parity.md is proven only by a test that ran and passed.
  ['parity', command('node', 'libs/parity/dist/main.js', 'verify', JEST_RESULTS)],
];

mkdirSync(`${ROOT}/${RESULTS_DIR}`, { recursive: true });
const wanted = process.argv.includes('--no-tests')
  ? CHECKS.filter(([name]) => name !== 'tests' && name !== 'parity')
  : CHECKS;
const outcomes = [];
for (const [name, run] of wanted) {
  console.log(`\n── ${name}`);
  const startedAt = Date.now();
  const { passed, failed } = run();
  outcomes.push({ name, passed, failed, seconds: (Date.now() - startedAt) / 1_000 });
}

console.log('\n── totals');
for (const { name, passed, failed, seconds } of outcomes) {
  const mark = failed === 0 ? 'ok    ' : 'FAILED';
  console.log(`${mark} ${name.padEnd(30)} ${passed} passed, ${failed} failed, ${seconds.toFixed(1)} s`);
}
const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
