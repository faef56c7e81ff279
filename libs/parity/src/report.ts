// docs/parity.md: every row with the test that proves it, or "open".
import type { Claim } from './claims.js';
import { ROW_KINDS, type Row, type RowId, type RowKind, rowId } from './rows.js';

const HEADINGS: Readonly<Record<RowKind, string>> = {
  rest: 'REST commands',
  alias: 'Old REST paths',
  webhook: 'Webhooks',
  sdk: 'SDK methods',
  event: 'SDK events',
  type: 'SDK constants',
  signaling: 'SDK signaling',
};

const INTRODUCTION = `# Parity

Generated from \`docs/parity/parity.json\` and the tags in test titles; \`make parity\` writes it anew.
A row is proven when a test that runs in the gate says so in its title: \`[parity: rest v4/openim/sendmsg]\`.
`;

/** The whole document. The same rows and claims give the same bytes. */
export function renderReport(rows: readonly Row[], claims: readonly Claim[]): string {
  const byRow = groupByRow(claims);
  const sections = ROW_KINDS.map((kind) =>
    renderSection(
      kind,
      rows.filter((row) => row.kind === kind),
      byRow,
    ),
  );
  return [INTRODUCTION, renderSummary(rows, byRow), ...sections].join('\n');
}

type ClaimsByRow = ReadonlyMap<RowId, readonly Claim[]>;

function groupByRow(claims: readonly Claim[]): ClaimsByRow {
  const byRow = new Map<RowId, Claim[]>();
  for (const claim of claims) byRow.set(claim.row, [...(byRow.get(claim.row) ?? []), claim]);
  return byRow;
}

function renderSummary(rows: readonly Row[], byRow: ClaimsByRow): string {
  const lines = ROW_KINDS.map((kind) => {
    const ofKind = rows.filter((row) => row.kind === kind);
    const proven = ofKind.filter((row) => byRow.has(rowId(row))).length;
    return `| ${HEADINGS[kind]} | ${proven} | ${ofKind.length - proven} |`;
  });
  return ['| Border | Proven | Open |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

function renderSection(kind: RowKind, rows: readonly Row[], byRow: ClaimsByRow): string {
  const lines = rows.map((row) => `| \`${row.name}\` | ${renderProof(byRow.get(rowId(row)) ?? [])} |`);
  return [`## ${HEADINGS[kind]}`, '', '| Row | Proven by |', '| --- | --- |', ...lines, ''].join('\n');
}

/** The first test in the order of files and lines stands for all: more of them change nothing here. */
function renderProof(claims: readonly Claim[]): string {
  const [first] = claims;
  if (first === undefined) return 'open';
  return `${first.file}: ${first.title.replaceAll('|', '\\|')}`;
}
