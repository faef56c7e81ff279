// `make faults`: runs the fault suite and shows what it found. Ends with code 1 when a scenario failed, found a
// violation or did not report.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const RESULTS = `${ROOT}.test-results/faults.json`;
const SCENARIOS = `${ROOT}services/standalone/test/faults/scenarios.json`;

const USAGE = `make faults [ARGS="[--mutations] [name of a file, or a part of it …]"]

  --mutations   takes one safeguard out at a time; each has to be noticed
  --help        shows this

Without a name every scenario runs, about half an hour; with names only what reported is shown and nothing is missed.
`;

const args = process.argv.slice(2);
const isMutated = args.includes('--mutations');
const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--mutations' && arg !== '--help');
if (unknown !== undefined || args.includes('--help')) {
  if (unknown !== undefined) console.error(`there is no option ${unknown}\n`);
  console.log(USAGE);
  process.exit(unknown === undefined ? 0 : 2);
}
const patterns = args.filter((arg) => !arg.startsWith('--'));

function runJest() {
  mkdirSync(`${ROOT}.test-results`, { recursive: true });
  rmSync(RESULTS, { force: true });
  const config = isMutated ? 'jest.fault-mutations.config.js' : 'jest.faults.config.js';
  const { status } = spawnSync('jest', ['--config', config, '--forceExit', ...patterns], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
      PARLEY_FAULTS_RUN: process.env.PARLEY_FAULTS_RUN ?? `faults${Date.now().toString(36)}`,
    },
  });
  return status === 0;
}

const readJson = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : []);
const seconds = (ms) => (ms / 1_000).toFixed(1);
const violationsOf = ({ violations }) =>
  Object.entries(violations)
    .map(([invariant, count]) => `${invariant}×${count}`)
    .join(' ') || 'none';

function rowsOf(reports) {
  return reports.flatMap((report) => [
    [
      report.mutation ?? report.scenario,
      report.sent,
      report.acked,
      report.failed,
      report.shown,
      violationsOf(report),
      seconds(report.errorWindowMs),
      seconds(report.recoveryMs),
    ],
    ...report.phases.map(({ name, badSends, errorWindowMs, recoveryMs }) => [
      `  ${name}`,
      '',
      '',
      '',
      `${badSends} bad`,
      '',
      seconds(errorWindowMs),
      seconds(recoveryMs),
    ]),
  ]);
}

function printTable(rows) {
  const head = ['scenario', 'sent', 'acked', 'failed', 'shown', 'violations', 'window s', 'recovery s'];
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  for (const row of all) {
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .join('  '),
    );
  }
}

const hasPassed = runJest();
const reports = readJson(RESULTS);
console.log('');
printTable(rowsOf(reports));
const reported = new Set(reports.map(({ scenario }) => scenario));
const missing =
  isMutated || patterns.length > 0
    ? []
    : readJson(SCENARIOS)
        .map(({ name }) => name)
        .filter((name) => !reported.has(name));
for (const name of missing) console.error(`\n${name} did not report`);
const isViolated = !isMutated && reports.some(({ violations }) => Object.keys(violations).length > 0);
process.exitCode = hasPassed && missing.length === 0 && !isViolated ? 0 : 1;
