// What is stored about tables, in a table of its own: one entry each, and the lock of whoever changes the schema.
import { createHash } from 'node:crypto';
import { quote } from '../cql.js';
import type { Session } from '../session.js';

/** Table names are declared with a letter first, so nobody else has this name. */
const NAME = '_tables';
const LOCK = '-lock';
/** Whoever holds the lock and dies lets others in after this time. */
const LOCK_TTL_S = 60;

export class CatalogTable {
  readonly #session: Session;
  readonly #keyspace: string;
  readonly #path: string;

  constructor(session: Session, keyspace: string) {
    this.#session = session;
    this.#keyspace = keyspace;
    this.#path = `${quote(keyspace)}.${quote(NAME)}`;
  }

  static readonly tableName = NAME;

  /** Makes the table. Its id follows from its name, so that two who do it at once make the same one. */
  async create(): Promise<void> {
    const id = tableId(`${this.#keyspace}.${NAME}`);
    await this.#session.changeSchema(
      `CREATE TABLE IF NOT EXISTS ${this.#path} (name text PRIMARY KEY, entry text) WITH id = ${id}`,
    );
  }

  async read(names: readonly string[]): Promise<Map<string, string>> {
    const query = `SELECT name, entry FROM ${this.#path} WHERE name = ?`;
    const entries = new Map<string, string>();
    for (const name of names) {
      const { rows } = await this.#session.execute({ query, params: [name] }, 'read');
      const [found] = rows as unknown as { entry: string | null }[];
      if (found?.entry) entries.set(name, found.entry);
    }
    return entries;
  }

  /** Only for the holder of the lock. */
  async write(name: string, entry: string): Promise<void> {
    const query = `UPDATE ${this.#path} SET entry = ? WHERE name = ? IF entry != ?`;
    await this.#session.execute({ query, params: [entry, name, entry] }, 'agreed');
  }

  /** Whether the lock is the holder's now. */
  async lock(holder: string): Promise<boolean> {
    const free = `UPDATE ${this.#path} USING TTL ${LOCK_TTL_S} SET entry = ? WHERE name = ? IF entry IN (?, ?)`;
    const { rows } = await this.#session.execute(
      { query: free, params: [holder, LOCK, holder, null] },
      'agreed',
    );
    return (rows as unknown as { '[applied]': boolean }[])[0]?.['[applied]'] === true;
  }

  async unlock(holder: string): Promise<void> {
    const query = `DELETE FROM ${this.#path} WHERE name = ? IF entry = ?`;
    await this.#session.execute({ query, params: [LOCK, holder] }, 'agreed');
  }
}

/** A name-based UUID (version 5 in form). */
function tableId(name: string): string {
  const hash = createHash('sha1').update(`parley ${name}`).digest().subarray(0, 16);
  hash[6] = ((hash[6] as number) & 0x0f) | 0x50;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
