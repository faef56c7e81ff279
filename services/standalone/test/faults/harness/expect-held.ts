// What every fault must leave behind: nothing wrong, and something judged.
import type { FaultReport } from './fault-results.js';

/** I1-I9 held, each was judged, and no server printed an error that the scenario does not expect. */
export function expectHeld(report: FaultReport, isExpected: (line: string) => boolean = () => false): void {
  expect({ violations: report.violations, details: report.details }).toEqual({ violations: {}, details: [] });
  expect(Object.entries(report.judged).filter(([, count]) => count === 0)).toEqual([]);
  expect(report.acked).toBeGreaterThan(report.clients);
  expect(report.errorLines.filter((line) => !isExpected(line))).toEqual([]);
}
