// Whether claims are honest: they name rows that exist, and the tests that make them ran and passed.
import type { Claim } from './claims.js';
import { type Row, rowId } from './rows.js';
import { rowIdsIn } from './tags.js';

/** One sentence for each claim about a row that is not in the list. */
export function unknownRows(rows: readonly Row[], claims: readonly Claim[]): string[] {
  const known = new Set(rows.map(rowId));
  return claims
    .filter(({ row }) => !known.has(row))
    .map(({ row, file, title }) => `${file}: "${title}" names "${row}", which is no row of parity.json`);
}

/** As much of jest's JSON output as is read here. */
export interface JestResults {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/**
 * One sentence for each claim that the run does not bear out: no test that passed carries its tag, or
 * one that carries it did not pass.
 */
export function unprovenClaims(claims: readonly Claim[], results: JestResults): string[] {
  const statuses = statusesByClaim(results);
  const problems = claims.map(({ row, file, title }) => {
    const seen = [...statuses]
      .filter(([key]) => key.endsWith(`/${file}\n${row}`))
      .flatMap(([, each]) => each);
    if (seen.length === 0) return `${file}: "${title}" claims "${row}", but the run has no such test`;
    const bad = seen.filter((status) => status !== 'passed');
    if (bad.length === 0) return undefined;
    return `${file}: "${title}" claims "${row}", but ${bad.length} of ${seen.length} tests are ${bad[0]}`;
  });
  return [...new Set(problems.filter((problem) => problem !== undefined))];
}

/** Key: `<file>\n<row>`. */
function statusesByClaim({ testResults }: JestResults): ReadonlyMap<string, readonly string[]> {
  const statuses = new Map<string, string[]>();
  for (const { name, assertionResults } of testResults) {
    for (const { fullName, status } of assertionResults) {
      for (const row of rowIdsIn(fullName)) {
        const key = `${name.replaceAll('\\', '/')}\n${row}`;
        statuses.set(key, [...(statuses.get(key) ?? []), status]);
      }
    }
  }
  return statuses;
}
