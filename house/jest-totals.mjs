// Totals of a jest run that nobody can read too kindly: a test that did not run is a failure.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * @param {string} file jest's JSON report
 * @param {string} root paths are shown relative to it
 * @returns {{ passed: number, failed: number, complaints: string[] }}
 */
export function readJestTotals(file, root) {
  if (!existsSync(file)) return { passed: 0, failed: 1, complaints: ['jest wrote no report'] };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const complaints = report.testResults.flatMap((suite) => complaintsOf(suite, relative(root, suite.name)));
  const brokenSuites = report.numRuntimeErrorTestSuites;
  const unrun = report.numPendingTests + report.numTodoTests;
  if (report.numTotalTests === 0) complaints.push('there was no test at all');
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenSuites + unrun + (report.numTotalTests === 0 ? 1 : 0),
    complaints,
  };
}

function complaintsOf(suite, path) {
  const unrun = suite.assertionResults.filter(({ status }) => !['passed', 'failed'].includes(status));
  const broken = suite.status === 'failed' && suite.assertionResults.length === 0;
  return [
    ...unrun.map(({ status, fullName }) => `${path}: not run (${status}): ${fullName}`),
    ...(broken ? [`${path}: the file could not be run`] : []),
  ];
}
