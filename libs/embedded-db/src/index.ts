export type { ByteSpace, EmbeddedDatabase, Entry, RangeOptions, Transaction } from './byte-space.js';
export { asBuffer } from './bytes.js';
export { FORMAT_VERSION } from './data-format.js';
export { checkFreeSpace } from './directory-checks.js';
export { type EmbeddedDatabaseOptions, openEmbeddedDatabase } from './embedded-database.js';
export { KEY_BYTES_MAX, VALUE_BYTES_MAX } from './limits.js';
