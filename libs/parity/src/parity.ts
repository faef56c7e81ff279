// The three things one does with the report.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JestResults, unknownRows, unprovenClaims } from './check.js';
import { renderReport } from './report.js';
import { REPORT_PATH, readClaims, readRows } from './repository.js';

/** Writes docs/parity.md. @throws Error when a tag names an unknown row. */
export function writeParity(root: string): void {
  const rows = readRows(root);
  const claims = readClaims(root);
  const problems = unknownRows(rows, claims);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  writeFileSync(join(root, REPORT_PATH), renderReport(rows, claims));
}

/** What is wrong with the report as it stands; needs no test run. */
export function checkParity(root: string): string[] {
  const rows = readRows(root);
  const claims = readClaims(root);
  const isCurrent = readFileSync(join(root, REPORT_PATH), 'utf8') === renderReport(rows, claims);
  return [
    ...unknownRows(rows, claims),
    ...(isCurrent ? [] : [`${REPORT_PATH} is out of date: run make parity`]),
  ];
}

/** What the report claims and the run behind `results` (the output of `jest --json`) does not show. */
export function verifyParity(root: string, results: JestResults): string[] {
  return [...checkParity(root), ...unprovenClaims(readClaims(root), results)];
}
