import fc from 'fast-check';
import { JournalFixture } from '../testing/journal-fixture.js';

const KIB = 1024;

/** What a lane's records should be: offset and value's first bytes. */
type Model = Map<number, { offset: number; value: Buffer }[]>;

describe('the journal', () => {
  let fixture: JournalFixture;
  afterEach(() => fixture.close());

  it('gives each lane its records in order, from memory and from the file', async () => {
    fixture = await JournalFixture.create();
    const offsets = await Promise.all(
      Array.from({ length: 100 }, (_, i) => fixture.append(i % 3, `value ${i}`, `key ${i}`)),
    );
    expect(offsets).toEqual(Array.from({ length: 100 }, (_, i) => Math.floor(i / 3)));
    const fromMemory = await fixture.read(1);
    expect(fromMemory).toHaveLength(33);
    expect(fromMemory[5]).toEqual({
      partition: 1,
      offset: 5n,
      key: 'key 16',
      value: new Uint8Array(Buffer.from('value 16')),
      appendedAtMs: fixture.nowMs,
    });
    await fixture.reopen();
    expect(await fixture.read(1)).toEqual(fromMemory);
    expect(await fixture.read(3)).toEqual([]);
    expect(await fixture.append(1, 'more')).toBe(33);
    expect((await fixture.texts(1, 32)).slice(-2)).toEqual(['value 97', 'more']);
  });

  it('writes all appends of a turn as one frame', async () => {
    fixture = await JournalFixture.create();
    const append = (lane: number) =>
      fixture.journal.append({
        lane: fixture.journal.lane(lane),
        key: '',
        value: Buffer.of(),
        appendedAtMs: 0,
      });
    const frames = Array.from({ length: 1_000 }, (_, i) => append(i % 4).frame);
    expect(new Set(frames).size).toBe(1);
    await frames[0]?.settled;
    expect(fixture.journal.lane(0).end).toBe(250);
    expect(append(0).frame).not.toBe(frames[0]);
  });

  it('shows nothing that is not durable', async () => {
    fixture = await JournalFixture.create();
    const appended = fixture.append(0, 'waits');
    const seen: number[] = [];
    fixture.journal.lane(0).listeners.add(() => seen.push(fixture.journal.lane(0).end));
    expect(await fixture.read(0)).toEqual([]);
    await appended;
    expect(seen).toEqual([1]);
    expect(await fixture.texts(0)).toEqual(['waits']);
  });

  it('refuses what would leave too little free space, and goes on when there is more', async () => {
    const sizes = { reserveBytes: 0 };
    fixture = await JournalFixture.create(sizes);
    await fixture.append(0, 'one');
    sizes.reserveBytes = 2 ** 60;
    await expect(fixture.append(0, 'two')).rejects.toMatchObject({
      code: 90994,
      info: expect.stringContaining(`${fixture.dir} is full: free at least`),
    });
    expect(await fixture.texts(0)).toEqual(['one']);
    sizes.reserveBytes = 0;
    await fixture.append(0, 'three');
    await fixture.reopen();
    expect(await fixture.texts(0)).toEqual(['one', 'three']);
  });

  it('keeps to the limits of a query, and gives one record however large it is', async () => {
    fixture = await JournalFixture.create();
    for (let i = 0; i < 10; i++) await fixture.append(0, Buffer.alloc(100, i));
    for (const _ of ['memory', 'file']) {
      expect(await fixture.read(0, 2, 3)).toHaveLength(3);
      expect(await fixture.read(0, 0, 100, 250)).toHaveLength(2);
      expect(await fixture.read(0, 0, 100, 1)).toHaveLength(1);
      expect(await fixture.read(0, 10)).toEqual([]);
      await fixture.reopen();
    }
  });

  it('goes on in a new segment when one is full, and knows them all after a restart', async () => {
    fixture = await JournalFixture.create({ segmentBytes: 2 * KIB });
    for (let i = 0; i < 300; i++) await fixture.append(i % 4, `value ${i} ${'x'.repeat(100)}`);
    const files = fixture.segments();
    expect(files.length).toBeGreaterThan(20);
    expect(fixture.journal.segmentCount).toBe(files.length);
    const before = await fixture.texts(2);
    expect(before).toHaveLength(75);
    await fixture.reopen();
    expect(await fixture.texts(2)).toEqual(before);
    expect(await fixture.texts(2, 70)).toEqual(before.slice(70));
    expect(await fixture.append(2, 'next')).toBe(75);
    expect(fixture.warnings.events).toEqual([]);
  });

  it('takes lanes that come later, also where older segments do not know them', async () => {
    fixture = await JournalFixture.create({ segmentBytes: 2 * KIB, lanes: 30 });
    for (let i = 0; i < 40; i++) await fixture.append(0, 'x'.repeat(200));
    for (let i = 0; i < 40; i++) await fixture.append(25, `late ${i} ${'x'.repeat(200)}`);
    await fixture.reopen();
    expect(await fixture.read(25)).toHaveLength(40);
    expect((await fixture.texts(25, 39))[0]).toMatch(/^late 39 /);
  });

  it('answers any query as a list in memory would: the index finds what it should', async () => {
    fixture = await JournalFixture.create({ segmentBytes: 3 * KIB * KIB, lanes: 6 });
    const model: Model = new Map();
    let random = 1;
    const next = (below: number): number => {
      random = (random * 48_271) % 2_147_483_647;
      return random % below;
    };
    for (let turn = 0; turn < 60; turn++) {
      // Lane 5 has a record now and then only, so that whole stretches and segments have none.
      const count = 1 + next(6);
      await Promise.all(
        Array.from({ length: count }, async () => {
          const lane = turn % 25 === 24 ? 5 : next(5);
          const value = Buffer.alloc(next(120 * KIB), next(256));
          const records = model.get(lane) ?? [];
          model.set(lane, records);
          records.push({ offset: records.length, value });
          await fixture.append(lane, value);
        }),
      );
      if (turn === 40) await fixture.reopen();
    }
    expect(fixture.segments().length).toBeGreaterThan(3);
    const query = fc.record({
      lane: fc.nat({ max: 5 }),
      from: fc.nat({ max: 60 }),
      recordsMax: fc.integer({ min: 1, max: 50 }),
      isReopened: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ lane, from, recordsMax, isReopened }) => {
        if (isReopened) await fixture.reopen();
        const read = await fixture.read(lane, from, recordsMax);
        const expected = (model.get(lane) ?? []).slice(from, from + recordsMax);
        // A fetch may end early, but never without a record, and never with a gap.
        expect(read.length).toBeGreaterThanOrEqual(Math.min(expected.length, 1));
        read.forEach((record, i) => {
          expect(Number(record.offset)).toBe(expected[i]?.offset);
          expect(Buffer.from(record.value).equals(expected[i]?.value as Buffer)).toBe(true);
        });
        if (read.length < expected.length) expect(read.length).toBeGreaterThan(5);
      }),
      { numRuns: 150 },
    );
  });

  it('reads from the file what memory has let go of, while it is being written', async () => {
    fixture = await JournalFixture.create({ recentBytesMax: 1 });
    const value = Buffer.alloc(700 * KIB);
    for (let i = 0; i < 20; i++) {
      value.writeUInt32BE(i);
      await fixture.append(0, value);
      const first = await fixture.read(0, 0, 1);
      expect(Buffer.from(first[0]!.value).readUInt32BE()).toBe(0);
    }
    const numbers: number[] = [];
    while (numbers.length < 20) {
      const records = await fixture.read(0, numbers.length);
      numbers.push(...records.map((record) => Buffer.from(record.value).readUInt32BE()));
      await fixture.append(1, 'meanwhile');
    }
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('misses nothing of a read during which older segments are deleted', async () => {
    fixture = await JournalFixture.create({ segmentBytes: 2 * KIB });
    for (let i = 0; i < 120; i++) await fixture.append(0, `${i} ${'x'.repeat(200)}`);
    await fixture.reopen();
    const from = 30;
    const reading = fixture.read(0, from);
    while (fixture.journal.firstOffset(fixture.journal.lane(0)) < from - 20) {
      expect(await fixture.journal.dropOldest(({ end }) => end <= from)).toBe(true);
    }
    const offsets = (await reading).map(({ offset }) => Number(offset));
    expect(offsets.length).toBeGreaterThan(20);
    expect(offsets).toEqual(offsets.map((_, i) => from + i));
  });

  it('refuses what would wait beyond the bound, and takes more when the disk has caught up', async () => {
    fixture = await JournalFixture.create();
    const value = new Uint8Array(KIB * KIB);
    const appends = Array.from({ length: 63 }, () => fixture.append(0, value));
    await expect(fixture.append(1, value)).rejects.toMatchObject({ code: 60018 });
    await Promise.all(appends);
    expect(fixture.journal.waitingBytes).toBe(0);
    expect(await fixture.append(1, value)).toBe(0);
  });
});
