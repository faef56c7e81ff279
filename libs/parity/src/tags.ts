// How a test says which rows it proves: a tag in its title or in the title of a
// describe around it, `[parity: rest v4/openim/sendmsg, sdk:login]`.
import { isRowKind, type RowId, rowId } from './rows.js';

const TAG = /\[parity:([^\]]*)\]/g;
const ENTRY = /^([a-z]+)(?::\s*|\s+)(\S+)$/;

/** @throws Error for a tag that does not name kind and row. */
export function rowIdsIn(title: string): RowId[] {
  return [...title.matchAll(TAG)].flatMap(([, list = '']) =>
    list.split(',').map((entry) => toRowId(entry.trim(), title)),
  );
}

function toRowId(entry: string, title: string): RowId {
  const [, kind = '', name = ''] = ENTRY.exec(entry) ?? [];
  if (!isRowKind(kind)) throw new Error(`malformed parity tag "${entry}" in "${title}"`);
  return rowId({ kind, name });
}

/** The title as people read it. */
export const withoutTags = (title: string): string => title.replace(TAG, '').replace(/\s+/g, ' ').trim();
