// The rows: everything that the compatible borders consist of, from docs/parity/parity.json.

/** `rest` commands, old paths, webhook commands, and the names of the SDK. */
export const ROW_KINDS = ['rest', 'alias', 'webhook', 'sdk', 'event', 'type', 'signaling'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

export interface Row {
  readonly kind: RowKind;
  readonly name: string;
}

/** What a tag in a test's title names, e.g. `rest v4/openim/sendmsg`. */
export type RowId = string;

export const rowId = ({ kind, name }: Row): RowId => `${kind} ${name}`;

export const isRowKind = (text: string): text is RowKind => ROW_KINDS.some((kind) => kind === text);

/** The key of each kind in the file. */
const FILE_KEYS: Readonly<Record<RowKind, string>> = {
  rest: 'rest',
  alias: 'rest_aliases',
  webhook: 'webhooks',
  sdk: 'sdk_methods',
  event: 'sdk_events',
  type: 'sdk_types',
  signaling: 'sdk_signaling',
};

/** In the file's order. @throws Error when the file does not have the expected form. */
export function parseRows(json: string): Row[] {
  const file: unknown = JSON.parse(json);
  if (typeof file !== 'object' || file === null) throw new Error('parity.json must hold an object');
  return ROW_KINDS.flatMap((kind) => namesIn(file, FILE_KEYS[kind]).map((name) => ({ kind, name })));
}

/** Lists hold the names; tables hold them as keys, beside their values. */
function namesIn(file: object, key: string): string[] {
  const names: unknown = Reflect.get(file, key);
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  if (typeof names === 'object' && names !== null && !Array.isArray(names)) return Object.keys(names);
  throw new Error(`parity.json: ${key} must be a list of names or a table`);
}
