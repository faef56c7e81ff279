import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { checkFreeSpace } from './directory-checks.js';
import { type ByteSpace, type EmbeddedDatabase, openEmbeddedDatabase } from './index.js';

const key = (...bytes: number[]): Buffer => Buffer.from(bytes);
const text = (buffer: Buffer | undefined): string | undefined => buffer?.toString('latin1');

describe('the embedded database', () => {
  let dir: string;
  let database: EmbeddedDatabase;
  let space: ByteSpace;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'parley-db-'));
    database = await openEmbeddedDatabase({ dir });
    space = await database.space('a');
  });
  afterEach(async () => {
    await database.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function reopen(): Promise<void> {
    await database.close();
    database = await openEmbeddedDatabase({ dir });
    space = await database.space('a');
  }

  it('reads what it wrote, also after it was closed and opened again', async () => {
    await space.put(key(1), Buffer.from('one'));
    await space.put(key(2), new Uint8Array(0));
    expect(text(space.get(key(1)))).toBe('one');
    expect(space.get(key(2))?.length).toBe(0);
    await space.remove(key(1));
    expect(space.get(key(1))).toBeUndefined();
    await reopen();
    expect(space.get(key(1))).toBeUndefined();
    expect(space.get(key(2))?.length).toBe(0);
  });

  it('keeps spaces apart and gives the same space for the same name', async () => {
    const other = await database.space('b');
    await Promise.all([space.put(key(1), key(1)), other.put(key(1), key(2))]);
    expect(space.get(key(1))).toEqual(key(1));
    expect(other.get(key(1))).toEqual(key(2));
    expect(await database.space('b')).toBe(other);
  });

  it('puts all writes of a turn into one commit', async () => {
    const promises = Array.from({ length: 5_000 }, (_, i) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(i);
      return space.put(bytes, Buffer.alloc(100));
    });
    expect(new Set(promises).size).toBe(1);
    await promises[0];
    expect(space.range({ limit: 10_000 })).toHaveLength(5_000);
  });

  it('makes the last of several writes to a key win, also a removal', async () => {
    void space.put(key(1), key(1));
    void space.remove(key(1));
    await space.put(key(1), key(3));
    expect(space.get(key(1))).toEqual(key(3));
    void space.put(key(1), key(4));
    await space.remove(key(1));
    expect(space.get(key(1))).toBeUndefined();
  });

  it('sees a resolved write even when the same turn has read before', async () => {
    for (let i = 0; i < 200; i++) {
      expect(space.get(key(9))?.[0]).toBe(i === 0 ? undefined : i - 1);
      await space.put(key(9), key(i));
      expect(space.get(key(9))?.[0]).toBe(i);
    }
  });

  it('returns bytes that the caller may keep and change', async () => {
    await space.put(key(1), key(1, 1));
    const kept = space.get(key(1)) as Buffer;
    await space.put(key(1), key(2, 2));
    space.get(key(1));
    expect(kept).toEqual(key(1, 1));
    kept.fill(9);
    expect(space.get(key(1))).toEqual(key(2, 2));
  });

  it('refuses keys and values out of bounds and writes nothing', async () => {
    await expect(space.put(key(), key(1))).rejects.toThrow('a key has 1 to 1900 bytes, not 0');
    await expect(space.put(Buffer.alloc(1_901), key(1))).rejects.toThrow('not 1901');
    await expect(space.put(key(1), Buffer.alloc(16 * 1024 * 1024 + 1))).rejects.toThrow(
      'a value has at most',
    );
    expect(() => space.get(key())).toThrow('a key has');
    await space.put(Buffer.alloc(1_900, 1), Buffer.alloc(1024 * 1024, 5));
    expect(space.get(Buffer.alloc(1_900, 1))).toHaveLength(1024 * 1024);
    expect(space.range({ limit: 10 })).toHaveLength(1);
  });

  it('grows beyond the address space that it reserved at first', async () => {
    await database.close();
    database = await openEmbeddedDatabase({ dir, initialMapBytes: 1024 * 1024 });
    space = await database.space('a');
    for (let i = 0; i < 24; i++) await space.put(key(1, i), Buffer.alloc(1024 * 1024, i));
    const sizes = space.range({ limit: 100 }).map(({ value }) => value.length);
    expect(sizes).toEqual(new Array<number>(24).fill(1024 * 1024));
    await reopen();
    expect(space.get(key(1, 23))?.[0]).toBe(23);
  });

  it('answers ranges as an ordered map does', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 3 }).map((it) => Buffer.from(it));
    const bound = fc.option(bytes, { nil: undefined });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes, { maxLength: 40 }),
        bound,
        bound,
        fc.boolean(),
        fc.integer({ min: 1, max: 50 }),
        async (keys, start, end, isReverse, limit) => {
          const own = await database.space(`range-${round++}`);
          await Promise.all(keys.map((it) => own.put(it, it)));
          const model = [...new Set(keys.map((it) => it.toString('hex')))]
            .map((it) => Buffer.from(it, 'hex'))
            .sort(Buffer.compare)
            .filter(
              (it) => (!start || Buffer.compare(it, start) >= 0) && (!end || Buffer.compare(it, end) < 0),
            );
          if (isReverse) model.reverse();
          const range = { isReverse, limit, ...(start && { start }), ...(end && { end }) };
          expect(own.range(range).map((entry) => entry.key)).toEqual(model.slice(0, limit));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('ends a range after the entry that reaches the bound on bytes', async () => {
    for (let i = 0; i < 5; i++) await space.put(key(1, i), Buffer.alloc(100));
    expect(space.range({ limit: 10, bytesMax: 150 })).toHaveLength(2);
    expect(space.range({ limit: 10, bytesMax: 1 })).toHaveLength(1);
  });

  describe('transactions', () => {
    const increment = (): Promise<number> =>
      database.transact((transaction) => {
        const next = (transaction.get(space, key(1))?.[0] ?? 0) + 1;
        transaction.put(space, key(1), key(next));
        return next;
      });

    it('see all writes before them, durable or not', async () => {
      const results = await Promise.all(Array.from({ length: 100 }, increment));
      expect(results).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
      void space.remove(key(1));
      expect(await increment()).toBe(1);
      void space.put(key(1), key(40));
      await expect(increment()).resolves.toBe(41);
    });

    it('see the writes of a commit that is on its way', async () => {
      const first = space.put(key(1), key(7));
      await new Promise((resolve) => setImmediate(resolve));
      const second = increment();
      await Promise.all([first, second]);
      expect(space.get(key(1))).toEqual(key(8));
    });

    it('see their own writes and removals', async () => {
      await space.put(key(2), key(2));
      const seen = await database.transact((transaction) => {
        transaction.put(space, key(1), key(1));
        transaction.remove(space, key(2));
        return [transaction.get(space, key(1)), transaction.get(space, key(2))];
      });
      expect(seen).toEqual([key(1), undefined]);
    });

    it('write nothing when they throw', async () => {
      const failing = database.transact((transaction) => {
        transaction.put(space, key(1), key(1));
        throw new Error('changed its mind');
      });
      await expect(failing).rejects.toThrow('changed its mind');
      expect(await increment()).toBe(1);
    });

    it('that only read resolve after what they read is durable', async () => {
      const order: string[] = [];
      const write = space.put(key(1), key(5)).then(() => order.push('write'));
      const read = database.transact((transaction) => transaction.get(space, key(1)));
      expect(await read.finally(() => order.push('read'))).toEqual(key(5));
      await write;
      expect(order).toEqual(['write', 'read']);
    });
  });

  it('writes what may wait with the next commit, the last value per key', async () => {
    space.putLater(key(1), key(1));
    space.putLater(key(1), key(2));
    await space.put(key(2), key(2));
    expect(space.get(key(1))).toEqual(key(2));
    space.putLater(key(1), key(3));
    await reopen();
    expect(space.get(key(1))).toEqual(key(3));
  });

  it('writes what may wait by itself when nothing else is written', async () => {
    space.putLater(key(1), key(1));
    const deadline = Date.now() + 5_000;
    while (!space.get(key(1)) && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(space.get(key(1))).toEqual(key(1));
  });

  it('commits what waits when it closes, and refuses what comes after', async () => {
    const written = space.put(key(1), key(1));
    const closed = database.close();
    await expect(space.put(key(2), key(2))).rejects.toMatchObject({
      code: 90994,
      info: 'the embedded database is closed',
    });
    await Promise.all([written, closed, database.close()]);
    expect(() => space.get(key(1))).toThrow('closed');
    await expect(database.transact(() => 1)).rejects.toThrow('closed');
    await expect(database.space('b')).rejects.toThrow('closed');
    await reopen();
    expect(space.get(key(1))).toEqual(key(1));
  });

  it('keeps its files to their owner', async () => {
    const fresh = join(dir, 'deeper', 'data');
    const inside = await openEmbeddedDatabase({ dir: fresh });
    expect(statSync(fresh).mode & 0o777).toBe(0o700);
    expect(statSync(join(fresh, 'db')).mode & 0o777).toBe(0o700);
    await inside.close();
  });

  it('refuses a directory that this process has open already', async () => {
    const again = openEmbeddedDatabase({ dir });
    await expect(again).rejects.toMatchObject({
      code: 90994,
      info: `the data directory ${dir} is in use by process ${process.pid}: stop it, or choose another directory`,
    });
    await space.put(key(1), key(1));
  });

  it('refuses the format of a newer version, or one too old, and touches nothing', async () => {
    await database.close();
    expect(readFileSync(join(dir, 'format.json'), 'utf8')).toBe('{"format":2}\n');
    const fresh = mkdtempSync(join(tmpdir(), 'parley-db-'));
    writeFileSync(join(fresh, 'format.json'), '{"format":3}');
    const newer = openEmbeddedDatabase({ dir: fresh });
    await expect(newer).rejects.toMatchObject({
      code: 91000,
      info: `the data directory ${fresh} has format 3, and this version reads up to 2: install the version that wrote it or a newer one`,
    });
    expect(await readdir(fresh)).toEqual(['format.json']);
    writeFileSync(join(fresh, 'format.json'), '{"format":1}');
    await expect(openEmbeddedDatabase({ dir: fresh })).rejects.toMatchObject({
      code: 91000,
      info: `the data directory ${fresh} has format 1, and this version reads from 2 on: choose an empty directory, or install the version that wrote it`,
    });
    expect(await readdir(fresh)).toEqual(['format.json']);
    writeFileSync(join(fresh, 'format.json'), 'not json');
    await expect(openEmbeddedDatabase({ dir: fresh })).rejects.toThrow(
      'is damaged: restore it from a backup',
    );
    rmSync(fresh, { recursive: true });
  });

  it('says so when the database file is no database', async () => {
    await database.close();
    writeFileSync(join(dir, 'db', 'data.mdb'), Buffer.alloc(16_384, 1));
    await expect(openEmbeddedDatabase({ dir })).rejects.toMatchObject({
      code: 91000,
      info: `the database in ${dir} is damaged: restore the directory from a backup`,
    });
    rmSync(join(dir, 'db'), { recursive: true });
  });

  it('refuses a full disk', () => {
    expect(() => checkFreeSpace(dir, 2 ** 60)).toThrow(
      `the disk of the data directory ${dir} is full: free at`,
    );
    expect(() => checkFreeSpace(dir, 1)).not.toThrow();
  });

  it('refuses commits that would leave too little free space, and reads all the same', async () => {
    await space.put(key(1), key(1));
    await database.close();
    database = await openEmbeddedDatabase({ dir, reserveBytes: 2 ** 60 });
    space = await database.space('a');
    const refusal = { code: 90994, info: expect.stringContaining(`${dir} is full: free at least`) };
    await expect(space.put(key(2), key(2))).rejects.toMatchObject(refusal);
    await expect(database.transact((step) => step.put(space, key(2), key(2)))).rejects.toMatchObject(refusal);
    expect([text(space.get(key(1))), space.get(key(2))]).toEqual([text(key(1)), undefined]);
    await reopen();
    await space.put(key(2), key(2));
    expect(space.get(key(1))).toEqual(key(1));
  });

  it('says so when the directory cannot be made', async () => {
    const file = join(dir, 'file');
    writeFileSync(file, '');
    const inFile = join(file, 'data');
    await expect(openEmbeddedDatabase({ dir: inFile })).rejects.toMatchObject({
      code: 90994,
      info: `the data directory ${inFile} cannot be made: a part of its path is a file; choose another directory`,
    });
  });
});
