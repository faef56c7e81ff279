// What the writer does when the disk fails it.
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSegment, type NewestSegment, segmentPath } from './create-segment.js';
import { FRAME_HEADER_BYTES, visitFrames } from './frame.js';
import type { Segment } from './segment.js';
import type { SegmentFile } from './segment-file.js';
import { SegmentWriter } from './segment-writer.js';

/** A file whose next calls fail, after they have done what they still could. */
class FailingFile implements SegmentFile {
  /** Bytes that the next failing write leaves behind. */
  writeOnly: number | undefined;
  syncs = 0;
  failingSyncs = 0;
  failingCuts = 0;

  constructor(private readonly file: SegmentFile) {}

  async write(bytes: Buffer, position: number): Promise<void> {
    if (this.writeOnly === undefined) return this.file.write(bytes, position);
    await this.file.write(bytes.subarray(0, this.writeOnly), position);
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  }

  async sync(): Promise<void> {
    this.syncs++;
    if (this.failingSyncs-- > 0) throw Object.assign(new Error('sync failed'), { code: 'EIO' });
    return this.file.sync();
  }

  async truncate(length: number): Promise<void> {
    if (this.failingCuts-- > 0) throw Object.assign(new Error('cut failed'), { code: 'EIO' });
    return this.file.truncate(length);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

describe('the segment writer', () => {
  let dir: string;
  let newest: NewestSegment;
  let file: FailingFile;
  let writer: SegmentWriter;
  let segments: Segment[];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'parley-segments-'));
    const created = await createSegment(dir, {
      number: 1,
      createdAtMs: 0,
      formerEnd: 0,
      starts: new Float64Array(1),
    });
    file = new FailingFile(created.file);
    newest = { ...created, file };
    segments = [newest.segment];
    writer = new SegmentWriter({
      dir,
      clock: { now: () => 0 },
      newest,
      ends: () => new Float64Array(1),
      onNext: (next) => segments.push(next.segment),
      segmentBytes: 1_000,
    });
  });
  afterEach(async () => {
    await writer.close();
    rmSync(dir, { recursive: true });
  });

  /** A frame is whatever is behind its header; the writer does not look. */
  const write = (text: string): Promise<void> =>
    writer.write(Buffer.concat([Buffer.alloc(FRAME_HEADER_BYTES), Buffer.from(text)]));

  /** What a reader finds, over all segments; a file must hold nothing else but zeros. */
  function stored(): string[] {
    return segments.flatMap((segment) => {
      const bytes = readFileSync(segment.path).subarray(segment.firstFrame);
      const texts: string[] = [];
      const used = visitFrames(bytes, segment.head.salt, (frame) =>
        texts.push(frame.subarray(FRAME_HEADER_BYTES).toString()),
      );
      expect(bytes.subarray(used).every((byte) => byte === 0)).toBe(true);
      return texts;
    });
  }

  it('cuts off what a full disk has taken of a frame, and goes on when there is room', async () => {
    await write('one');
    for (const taken of [0, 1, FRAME_HEADER_BYTES + 2]) {
      file.writeOnly = taken;
      await expect(write('two')).rejects.toThrow('no space');
      expect(stored()).toEqual(['one']);
    }
    file.writeOnly = undefined;
    await write('three');
    expect(stored()).toEqual(['one', 'three']);
  });

  it('never takes a frame for durable whose sync failed', async () => {
    await write('one');
    file.failingSyncs = 1;
    await expect(write('two')).rejects.toThrow('sync failed');
    expect(stored()).toEqual(['one']);
    await write('three');
    expect(stored()).toEqual(['one', 'three']);
  });

  it('writes nothing while it cannot cut off what failed', async () => {
    await write('one');
    file.failingSyncs = 1;
    file.failingCuts = 2;
    await expect(write('two')).rejects.toThrow('sync failed');
    const before = file.syncs;
    await expect(write('three')).rejects.toThrow('cut failed');
    expect(file.syncs).toBe(before);
    await write('four');
    expect(stored()).toEqual(['one', 'four']);
  });

  it('adds nothing to a full segment when the next cannot be made, and makes it later', async () => {
    await write('x'.repeat(900));
    const second = segmentPath(dir, 2);
    mkdirSync(second);
    await expect(write('y'.repeat(900))).rejects.toMatchObject({ code: 'EISDIR' });
    // It would fit; but the file that follows may say already where this one ends.
    await expect(write('z')).rejects.toMatchObject({ code: 'EISDIR' });
    rmdirSync(second);
    await write('z');
    expect(stored()).toEqual(['x'.repeat(900), 'z']);
    expect(segments.map((segment) => segment.number)).toEqual([1, 2]);
    expect(segments[1]?.head.formerEnd).toBe(segments[0]?.end);
  });

  it('writes one frame larger than a segment into a segment of its own', async () => {
    await write('one');
    await write('x'.repeat(5_000));
    await write('two');
    expect(segments).toHaveLength(3);
    expect(stored()).toEqual(['one', 'x'.repeat(5_000), 'two']);
  });

  it('does without zeros ahead when these do not fit', async () => {
    const writeWhole = file.write.bind(file);
    file.write = (bytes, position) =>
      bytes.every((byte) => byte === 0)
        ? Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }))
        : writeWhole(bytes, position);
    await write('one');
    await write('two');
    expect(stored()).toEqual(['one', 'two']);
  });
});
