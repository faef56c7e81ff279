// What the test sources claim. Read from the syntax tree, so that a comment, a
// commented-out test or a skipped one claims nothing.
import { parseSync } from '@swc/core';
import type { RowId } from './rows.js';
import { rowIdsIn, withoutTags } from './tags.js';

/** A test, or a describe around tests, that says it proves a row. */
export interface Claim {
  readonly row: RowId;
  /** Path of the test file from the repository's root, with slashes. */
  readonly file: string;
  /** The title without tags; `…` stands for a part that is only known at run time. */
  readonly title: string;
}

interface Suite {
  readonly rows: readonly RowId[];
  readonly title: string;
  readonly isSkipped: boolean;
  hasTests: boolean;
}

const TEST_NAMES: ReadonlySet<string> = new Set(['it', 'test']);
const SUITE_NAMES: ReadonlySet<string> = new Set(['describe']);
const SKIPPED_NAMES: ReadonlySet<string> = new Set(['xit', 'xtest', 'xdescribe']);
const SKIPPING_MEMBERS: ReadonlySet<string> = new Set(['skip', 'todo']);

/** @throws Error when the source cannot be parsed or holds a malformed tag. */
export function claimsIn(source: string, file: string): Claim[] {
  const tree = parseSync(source, { syntax: 'typescript', decorators: true, target: 'es2022' });
  const claims: Claim[] = [];
  walk(tree, [], { file, claims });
  return claims;
}

interface Walk {
  readonly file: string;
  readonly claims: Claim[];
}

function walk(node: unknown, suites: readonly Suite[], state: Walk): void {
  if (Array.isArray(node)) {
    for (const each of node) walk(each, suites, state);
    return;
  }
  if (!isObject(node)) return;
  const block = node.type === 'CallExpression' ? blockOf(node) : undefined;
  if (block === undefined) walkChildren(node, suites, state);
  else if (block.isTest) noteTest(block, suites, state);
  else noteSuite(block, node, suites, state);
}

function walkChildren(node: AnyObject, suites: readonly Suite[], state: Walk): void {
  for (const child of Object.values(node)) walk(child, suites, state);
}

function noteTest(block: Block, suites: readonly Suite[], { file, claims }: Walk): void {
  if (block.isSkipped || suites.some(({ isSkipped }) => isSkipped)) return;
  for (const suite of suites) suite.hasTests = true;
  for (const row of rowIdsIn(block.title)) claims.push({ row, file, title: withoutTags(block.title) });
}

/** A suite claims only if at least one test in it is not skipped. */
function noteSuite(block: Block, node: AnyObject, suites: readonly Suite[], state: Walk): void {
  const suite: Suite = {
    rows: rowIdsIn(block.title),
    title: withoutTags(block.title),
    isSkipped: block.isSkipped,
    hasTests: false,
  };
  walkChildren(node, [...suites, suite], state);
  if (!suite.hasTests) return;
  for (const row of suite.rows) state.claims.push({ row, file: state.file, title: suite.title });
}

type AnyObject = Readonly<Record<string, unknown>>;
type SyntaxNode = AnyObject & { readonly type: string };

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string';

const isObject = (value: unknown): value is AnyObject => typeof value === 'object' && value !== null;

interface Block {
  readonly title: string;
  readonly isTest: boolean;
  readonly isSkipped: boolean;
}

/** `it('…')`, `describe.skip('…')`, `it.each(rows)('…')`; undefined for every other call. */
function blockOf(call: AnyObject): Block | undefined {
  const names = calleeNames(call.callee);
  const [base = ''] = names;
  const isTest = TEST_NAMES.has(base) || base === 'xit' || base === 'xtest';
  if (!isTest && !SUITE_NAMES.has(base) && base !== 'xdescribe') return undefined;
  const title = titleOf(call.arguments);
  if (title === undefined) return undefined;
  const isSkipped = SKIPPED_NAMES.has(base) || names.some((name) => SKIPPING_MEMBERS.has(name));
  return { title, isTest, isSkipped };
}

/** `it.each(rows)` → it, each. */
function calleeNames(callee: unknown): string[] {
  if (!isNode(callee)) return [];
  if (callee.type === 'Identifier') return [String(callee.value)];
  if (callee.type === 'MemberExpression')
    return [...calleeNames(callee.object), ...calleeNames(callee.property)];
  if (callee.type === 'CallExpression') return calleeNames(callee.callee);
  if (callee.type === 'TaggedTemplateExpression') return calleeNames(callee.tag);
  return [];
}

function titleOf(callArguments: unknown): string | undefined {
  if (!Array.isArray(callArguments)) return undefined;
  const first: unknown = callArguments[0];
  const expression = isObject(first) ? first.expression : undefined;
  if (!isNode(expression)) return undefined;
  if (expression.type === 'StringLiteral') return String(expression.value);
  if (expression.type !== 'TemplateLiteral' || !Array.isArray(expression.quasis)) return undefined;
  return expression.quasis.map((quasi: unknown) => (isObject(quasi) ? String(quasi.cooked) : '')).join('…');
}
