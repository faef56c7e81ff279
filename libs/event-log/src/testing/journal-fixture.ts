// A journal in a directory of its own, for tests of what lies on the disk.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '@parley/embedded-db';
import type { LogFields, Logger } from '@parley/telemetry';
import type { LogRecord } from '../event-log.js';
import { segmentPath } from '../journal/create-segment.js';
import { Journal, type JournalSizes } from '../journal/journal.js';
import { JOURNAL_SPACE } from '../journal/journal-state.js';
import { bytesOf } from './contract-log.js';

export interface JournalFixtureOptions extends JournalSizes {
  readonly lanes?: number;
}

/** Warnings of a logger, by event. */
export class Warnings implements Logger {
  readonly events: string[] = [];
  readonly debug = (): void => undefined;
  readonly info = (): void => undefined;
  readonly error = (event: string): void => this.warn(event);
  readonly warn = (event: string, _fields?: LogFields): void => {
    this.events.push(event);
  };
}

export class JournalFixture {
  readonly dir = mkdtempSync(join(tmpdir(), 'parley-journal-'));
  readonly logDir = join(this.dir, 'log');
  readonly warnings = new Warnings();
  nowMs = 1_700_000_000_000;
  readonly #options: JournalFixtureOptions;
  #database!: EmbeddedDatabase;
  #journal: Journal | undefined;

  private constructor(options: JournalFixtureOptions) {
    this.#options = options;
  }

  static async create(options: JournalFixtureOptions = {}): Promise<JournalFixture> {
    const fixture = new JournalFixture(options);
    fixture.#database = await openEmbeddedDatabase({ dir: fixture.dir });
    await fixture.open();
    return fixture;
  }

  get journal(): Journal {
    if (!this.#journal) throw new Error('the journal is not open');
    return this.#journal;
  }

  async open(): Promise<void> {
    this.#journal = await Journal.open({
      dir: this.logDir,
      database: this.#database,
      lanes: this.#options.lanes ?? 4,
      clock: { now: () => this.nowMs },
      logger: this.warnings,
      onFlush: () => undefined,
      sizes: this.#options,
    });
  }

  /** An orderly end of the journal. The database then knows exactly how far it was durable. */
  async shut(): Promise<void> {
    await this.#journal?.close();
    this.#journal = undefined;
    // What may wait in the database goes along with the next commit.
    const space = await this.#database.space(JOURNAL_SPACE);
    await space.put(Buffer.from('end'), Buffer.of());
  }

  /** The end of the journal when the database had not heard of the newest records. */
  async crash(): Promise<void> {
    await this.shut();
    await this.forget('newest');
  }

  /** The database loses what it remembers of the journal under that key. */
  async forget(key: 'first' | 'newest'): Promise<void> {
    const space = await this.#database.space(JOURNAL_SPACE);
    await space.remove(Buffer.from(key));
  }

  async reopen(): Promise<void> {
    await this.shut();
    await this.open();
  }

  /** Resolves with the offset when the record is durable. */
  async append(lane: number, value: string | Uint8Array, key = 'key'): Promise<number> {
    const { offset, frame } = this.journal.append({
      lane: this.journal.lane(lane),
      key,
      value: typeof value === 'string' ? bytesOf(value) : value,
      appendedAtMs: this.nowMs,
    });
    await frame.settled;
    return offset;
  }

  async read(lane: number, from = 0, recordsMax = 10_000, bytesMax = 1 << 30): Promise<LogRecord[]> {
    const { end } = this.journal.lane(lane);
    return this.journal.read({ lane, partition: lane, from, end, recordsMax, bytesMax });
  }

  /** All values from an offset on, with as many reads as that takes. */
  async texts(lane: number, from = 0): Promise<string[]> {
    const texts: string[] = [];
    for (let next = from; ; ) {
      const records = await this.read(lane, next);
      const last = records.at(-1);
      if (!last) return texts;
      texts.push(...records.map((record) => Buffer.from(record.value).toString()));
      next = Number(last.offset) + 1;
    }
  }

  segmentPath(number: number): string {
    return segmentPath(this.logDir, number);
  }

  /** Paths, oldest first. */
  segments(): string[] {
    return readdirSync(this.logDir)
      .filter((name) => name.endsWith('.log'))
      .sort()
      .map((name) => join(this.logDir, name));
  }

  async close(): Promise<void> {
    await this.#journal?.close();
    await this.#database.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
