// parity write | check | verify <jest results>: exit code 0, or 1 with one line for each problem.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JestResults } from './check.js';
import { checkParity, verifyParity, writeParity } from './parity.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const USAGE = 'usage: parity write | check | verify <file of jest --json --outputFile>';

function problemsOf([verb, resultsFile]: readonly string[]): string[] {
  if (verb === 'write') {
    writeParity(ROOT);
    return [];
  }
  if (verb === 'check') return checkParity(ROOT);
  if (verb === 'verify' && resultsFile !== undefined) {
    return verifyParity(ROOT, JSON.parse(readFileSync(resultsFile, 'utf8')) as JestResults);
  }
  return [USAGE];
}

const problems = problemsOf(process.argv.slice(2));
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
