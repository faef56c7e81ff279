// What happens between processes, and when one dies or its disk fails.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase } from './index.js';
import { startChild } from './testing/child-process.js';

const KILLS = 5;
const ACKED_PER_ROUND = 400;

describe('the embedded database among processes', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'parley-db-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  /** Numbers that are there; each with its copy, or the transaction was torn. */
  async function readNumbers(): Promise<Set<number>> {
    const database = await openEmbeddedDatabase({ dir });
    const space = await database.space('numbers');
    const numbers = space
      .range({ end: Buffer.of(0xfe), limit: 1_000_000 })
      .map(({ key }) => key.readUInt32BE(4));
    const copies = space
      .range({ start: Buffer.of(0xff), limit: 1_000_000 })
      .map(({ key }) => key.readUInt32BE(5));
    expect(copies).toEqual(numbers);
    await database.close();
    return new Set(numbers);
  }

  it('loses nothing that was acknowledged when it is killed', async () => {
    const acked: number[] = [];
    for (let round = 0; round < KILLS; round++) {
      const child = startChild('./writer-program.ts', [dir, String((round + 1) * 1_000_000)]);
      await child.until(ACKED_PER_ROUND * (1 + Math.random()));
      child.process.kill('SIGKILL');
      expect(await child.ended).toBeNull();
      acked.push(...child.lines.map(Number));
      const present = await readNumbers();
      expect(acked.filter((number) => !present.has(number))).toEqual([]);
    }
    expect(acked.length).toBeGreaterThanOrEqual(KILLS * ACKED_PER_ROUND);
  });

  it('refuses a second process while the first lives, and not a moment longer', async () => {
    const holder = startChild('./open-program.ts', [dir, 'hold']);
    await holder.until(1);
    expect(holder.lines).toEqual(['opened']);
    const info = `the data directory ${dir} is in use by process ${holder.process.pid}: stop it, or choose another directory`;
    await expect(openEmbeddedDatabase({ dir })).rejects.toMatchObject({ info });
    const second = startChild('./open-program.ts', [dir]);
    await second.ended;
    expect(second.lines).toEqual([`UNAVAILABLE (90994): ${info}`]);

    holder.process.kill('SIGKILL');
    await holder.ended;
    const database = await openEmbeddedDatabase({ dir });
    const third = startChild('./open-program.ts', [dir]);
    await third.ended;
    expect(third.lines[0]).toContain(`in use by process ${process.pid}`);
    await database.close();
  });

  it('tells the writer when the file cannot grow, keeps what it has, and goes on later', async () => {
    const child = startChild('./writer-program.ts', [dir, '0'], 4_096);
    await child.ended;
    const acked = child.lines.filter((line) => /^\d+$/.test(line)).map(Number);
    const failures = child.lines.filter((line) => !/^\d+$/.test(line));
    expect(failures).toHaveLength(2);
    expect(failures[1]).toBe('went on');
    expect(failures[0]).toContain(`the data directory ${dir}`);
    expect(failures[0]).toContain('UNAVAILABLE');
    const present = await readNumbers();
    expect(acked.length).toBeGreaterThan(0);
    expect(acked.filter((number) => !present.has(number))).toEqual([]);

    const database = await openEmbeddedDatabase({ dir });
    const space = await database.space('numbers');
    await space.put(Buffer.of(1), Buffer.alloc(100_000));
    expect(space.get(Buffer.of(1))).toHaveLength(100_000);
    await database.close();
  });
});
