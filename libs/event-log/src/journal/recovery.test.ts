// What an opened journal makes of files that are torn, damaged, missing or left over.
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { JournalFixture } from '../testing/journal-fixture.js';
import { FRAME_HEADER_BYTES } from './frame.js';
import { RECORD_HEADER_BYTES } from './journal-record.js';
import { headBytes } from './segment-head.js';

const LANES = 2;
const FIRST_FRAME = headBytes(LANES);
const KEY = 'key';

const frameBytes = (value: string): number =>
  FRAME_HEADER_BYTES + RECORD_HEADER_BYTES + KEY.length + value.length;

describe('an opened journal', () => {
  let fixture: JournalFixture;
  let file: string;

  async function create(segmentBytes = 64 * 1024): Promise<void> {
    fixture = await JournalFixture.create({ lanes: LANES, segmentBytes });
    file = fixture.segments()[0] as string;
  }
  afterEach(() => fixture.close());

  const damagedAt = (path: string, position: number) => ({
    code: 91000,
    info: `the event log is damaged: ${path} at byte ${position}; restore the data directory from a backup`,
  });

  describe('after a flush that never became durable', () => {
    it('cuts off the torn record, wherever it is torn, and goes on', async () => {
      await create();
      for (const value of ['one', 'two', 'three']) await fixture.append(0, value);
      await fixture.crash();
      const whole = readFileSync(file);
      const last = FIRST_FRAME + frameBytes('one') + frameBytes('two');
      const end = last + frameBytes('three');
      for (let length = last; length < end; length++) {
        writeFileSync(file, whole.subarray(0, length));
        await fixture.open();
        expect(await fixture.texts(0)).toEqual(['one', 'two']);
        expect(statSync(file).size).toBe(last);
        expect(await fixture.append(0, 'again')).toBe(2);
        expect(await fixture.texts(0)).toEqual(['one', 'two', 'again']);
        await fixture.crash();
      }
      const cuts = end - last - 1;
      expect(fixture.warnings.events).toEqual(new Array(cuts).fill('torn end cut off'));
    });

    it('cuts off a record of which any part was not written, among the zeros written ahead', async () => {
      await create();
      for (const value of ['one', 'two']) await fixture.append(0, value);
      await fixture.crash();
      const whole = readFileSync(file);
      const last = FIRST_FRAME + frameBytes('one');
      expect(whole.length).toBeGreaterThan(last + frameBytes('two'));
      for (let at = last; at < last + frameBytes('two'); at += 7) {
        const torn = Buffer.from(whole);
        torn.fill(0, at, Math.min(at + 7, last + frameBytes('two')));
        // A place that was zero anyway is no tear.
        if (torn.equals(whole)) continue;
        writeFileSync(file, torn);
        await fixture.open();
        expect(await fixture.texts(0)).toEqual(['one']);
        await fixture.crash();
      }
    });

    it('keeps a record that was whole, whether it was acknowledged or not', async () => {
      await create();
      await fixture.append(0, 'one');
      await fixture.crash();
      truncateSync(file, FIRST_FRAME + frameBytes('one'));
      await fixture.open();
      expect(await fixture.texts(0)).toEqual(['one']);
      expect(fixture.warnings.events).toEqual([]);
    });

    it('takes a segment whose head was not finished for none', async () => {
      await create(200);
      await fixture.append(0, 'x'.repeat(100));
      await fixture.append(0, 'y'.repeat(100));
      const [first, second] = fixture.segments() as [string, string];
      await fixture.crash();
      const head = readFileSync(second).subarray(0, FIRST_FRAME);
      for (const length of [0, 1, FIRST_FRAME - 1]) {
        writeFileSync(second, head.subarray(0, length));
        await fixture.open();
        expect(fixture.segments()).toEqual([first]);
        expect(await fixture.texts(0)).toEqual(['x'.repeat(100)]);
        expect(await fixture.append(0, 'z')).toBe(1);
        expect(fixture.segments()).toEqual([first, second]);
        await fixture.crash();
      }
    });
  });

  describe('whose files were changed', () => {
    it('refuses any changed bit of what was durable, and changes nothing', async () => {
      await create();
      for (const value of ['one', 'two', 'three']) await fixture.append(0, value);
      await fixture.shut();
      const sound = readFileSync(file);
      const ends = [FIRST_FRAME, ...['one', 'two', 'three'].map(frameBytes)];
      const starts = ends.map((_, i) => (i === 0 ? 0 : ends.slice(0, i).reduce((sum, it) => sum + it)));
      const end = ends.reduce((sum, it) => sum + it);
      for (let at = 0; at < end; at++) {
        const changed = Buffer.from(sound);
        changed[at] = (changed[at] as number) ^ (1 << (at & 7));
        writeFileSync(file, changed);
        const frame = starts.findLast((start) => start <= at) as number;
        await expect(fixture.open()).rejects.toMatchObject(damagedAt(file, frame));
        expect(readFileSync(file).equals(changed)).toBe(true);
      }
      writeFileSync(file, sound);
      await fixture.open();
      expect(await fixture.texts(0)).toEqual(['one', 'two', 'three']);
    });

    it('refuses a changed bit in front of a later flush, although it has not heard of that', async () => {
      await create();
      for (const value of ['one', 'two', 'three']) await fixture.append(0, value);
      await fixture.crash();
      const sound = readFileSync(file);
      const second = FIRST_FRAME + frameBytes('one');
      for (let at = second; at < second + frameBytes('two'); at++) {
        const changed = Buffer.from(sound);
        changed[at] = (changed[at] as number) ^ 0x10;
        writeFileSync(file, changed);
        await expect(fixture.open()).rejects.toMatchObject(damagedAt(file, second));
      }
      writeFileSync(file, sound);
      await fixture.open();
      expect(await fixture.texts(0)).toEqual(['one', 'two', 'three']);
    });

    it('refuses an end that is missing from what was durable', async () => {
      await create();
      for (const value of ['one', 'two']) await fixture.append(0, value);
      await fixture.shut();
      const whole = readFileSync(file);
      const second = FIRST_FRAME + frameBytes('one');
      truncateSync(file, second);
      await expect(fixture.open()).rejects.toMatchObject(damagedAt(file, second));
      writeFileSync(file, whole);
      await fixture.open();
    });

    it('tells a reader of an older segment, and gives it the record once it is repaired', async () => {
      await create(400);
      for (let i = 0; i < 12; i++) await fixture.append(0, `${i} ${'x'.repeat(80)}`);
      await fixture.shut();
      const [, second] = fixture.segments() as [string, string];
      const sound = readFileSync(second);
      const changed = Buffer.from(sound);
      changed[FIRST_FRAME + 50] = (changed[FIRST_FRAME + 50] as number) ^ 1;
      writeFileSync(second, changed);
      await fixture.open();
      // Records 2 and 3 are in the second segment.
      await expect(fixture.read(0, 3)).rejects.toMatchObject(damagedAt(second, FIRST_FRAME));
      expect((await fixture.texts(0, 11)).length).toBe(1);
      writeFileSync(second, sound);
      expect(await fixture.texts(0)).toHaveLength(12);
    });
  });

  it('tells a reader of bytes that change while it is open', async () => {
    await create();
    await fixture.append(0, 'one');
    await fixture.reopen();
    const sound = readFileSync(file);
    const changed = Buffer.from(sound);
    changed[FIRST_FRAME + FRAME_HEADER_BYTES + 1] = 99;
    writeFileSync(file, changed);
    await expect(fixture.read(0)).rejects.toMatchObject(damagedAt(file, FIRST_FRAME));
    writeFileSync(file, sound);
    expect(await fixture.texts(0)).toEqual(['one']);
  });

  describe('whose files are not all there', () => {
    beforeEach(async () => {
      await create(400);
      for (let i = 0; i < 12; i++) await fixture.append(0, `${i} ${'x'.repeat(80)}`);
      await fixture.shut();
    });

    it('names the first that is missing', async () => {
      const files = fixture.segments();
      expect(files.length).toBeGreaterThan(3);
      for (const path of files) {
        copyFileSync(path, `${path}.away`);
        rmSync(path);
        await expect(fixture.open()).rejects.toMatchObject({
          code: 91000,
          info: `the event log is damaged: ${path} is missing; restore the data directory from a backup`,
        });
        copyFileSync(`${path}.away`, path);
      }
      rmSync(fixture.logDir, { recursive: true });
      await expect(fixture.open()).rejects.toThrow(`${files[0]} is missing`);
    });

    it('finishes a deletion that was interrupted', async () => {
      await fixture.open();
      const [first, second] = fixture.segments() as [string, string];
      copyFileSync(first, `${first}.copy`);
      expect(await fixture.journal.dropOldest(() => true)).toBe(true);
      await fixture.shut();
      copyFileSync(`${first}.copy`, first);
      await fixture.open();
      expect(fixture.segments()[0]).toBe(second);
      expect(await fixture.append(0, 'next')).toBe(12);
    });

    it('refuses records of which the database knows nothing', async () => {
      await fixture.forget('first');
      const info = `the event log is damaged: the database does not know the records in ${fixture.logDir}; restore`;
      await expect(fixture.open()).rejects.toThrow(info);
    });

    it('refuses records of more lanes than the database has given out', async () => {
      const other = await JournalFixture.create({ lanes: LANES + 1 });
      await other.shut();
      for (const path of fixture.segments()) rmSync(path);
      copyFileSync(other.segments()[0] as string, fixture.segmentPath(1));
      await fixture.forget('newest');
      await expect(fixture.open()).rejects.toThrow('the database does not know the records');
      await other.close();
    });
  });

  it('needs no record to know where its lanes stand', async () => {
    await create(400);
    for (let i = 0; i < 12; i++) await fixture.append(1, `${i} ${'x'.repeat(80)}`);
    for (let i = 0; i < 12; i++) await fixture.append(0, `${i} ${'x'.repeat(80)}`);
    while (await fixture.journal.dropOldest(() => true)) {
      // One at a time.
    }
    expect(fixture.segments()).toHaveLength(1);
    await fixture.reopen();
    expect(fixture.journal.lane(1).end).toBe(12);
    expect(await fixture.texts(1)).toEqual([]);
    expect(await fixture.append(1, 'next')).toBe(12);
  });
});
