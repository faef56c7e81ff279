import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase } from './index.js';

const key = (...bytes: number[]): Buffer => Buffer.from(bytes);
const text = (buffer: Buffer | undefined): string | undefined => buffer?.toString('latin1');

describe('the embedded database', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'parley-db-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('reads what it wrote, also after it was closed and opened again', async () => {
    const database = await openEmbeddedDatabase({ dir });
    const space = await database.space('a');
    await space.put(key(1), Buffer.from('one'));
    expect(text(space.get(key(1)))).toBe('one');
    await space.put(key(2), new Uint8Array(0));
    expect(space.get(key(2))?.length).toBe(0);
    await space.remove(key(1));
    expect(space.get(key(1))).toBeUndefined();
    await database.close();

    const again = await openEmbeddedDatabase({ dir });
    expect((await again.space('a')).get(key(2))?.length).toBe(0);
    await again.close();
  });
});
