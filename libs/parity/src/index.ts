export type { JestResults } from './check.js';
export type { Claim } from './claims.js';
export { checkParity, verifyParity, writeParity } from './parity.js';
export { ROW_KINDS, type Row, type RowKind } from './rows.js';
