import { ChatError, ErrorCode } from '@parley/kernel';
import type { LogFields, Logger } from '@parley/telemetry';
import type { BatchHandler, LogBatch, LogRecord } from '../event-log.js';
import { runBatch } from './run-batch.js';

const record = (offset: number): LogRecord => ({
  partition: 3,
  offset: BigInt(offset),
  key: 'k',
  value: Uint8Array.of(offset),
  appendedAtMs: 0,
});

const batchOf = (...offsets: number[]): LogBatch => ({
  topic: 't',
  partition: 3,
  records: offsets.map(record),
});

function harness(handler: BatchHandler, attemptsMax = 2) {
  const abort = new AbortController();
  const finished: bigint[] = [];
  const buried: string[] = [];
  const lines: [string, string, LogFields | undefined][] = [];
  const at = (level: string) => (event: string, fields?: LogFields) =>
    void lines.push([level, event, fields]);
  const logger: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  let failingBurials = 0;
  const run = (batch: LogBatch) =>
    runBatch(batch, {
      group: 'g',
      handler,
      attemptsMax,
      signal: abort.signal,
      bury: async (it, reason) => {
        if (failingBurials-- > 0) throw new ChatError(ErrorCode.UNAVAILABLE, 'no disk');
        buried.push(`${it.offset} ${reason}`);
      },
      finished: (next) => finished.push(next),
      logger,
    });
  const failBurials = (count: number): void => {
    failingBurials = count;
  };
  return { abort, finished, buried, lines, run, failBurials };
}

const offsetsOf = (batch: LogBatch): number[] => batch.records.map((it) => Number(it.offset));

describe('runBatch', () => {
  it('finishes the batch that the handler takes, logging nothing', async () => {
    const { run, finished, lines } = harness(async () => undefined);
    expect(await run(batchOf(4, 6))).toBe('finished');
    expect(finished).toEqual([7n]);
    expect(lines).toEqual([]);
    expect(await run(batchOf())).toBe('finished');
  });

  it('finds the record that is to blame, buries it, and tells where and why', async () => {
    const tried: number[][] = [];
    const { run, finished, buried, lines } = harness(async (batch) => {
      tried.push(offsetsOf(batch));
      if (offsetsOf(batch).includes(5)) throw new TypeError('five is wrong');
    });
    expect(await run(batchOf(4, 5, 6))).toBe('finished');
    expect(tried).toEqual([[4, 5, 6], [4, 5, 6], [4], [5], [6]]);
    expect(buried).toEqual(['5 five is wrong']);
    expect(finished).toEqual([5n, 6n, 7n]);
    const fields = { topic: 't', group: 'g', partition: 3, offset: 5n, reason: 'five is wrong' };
    expect(lines.filter(([level]) => level === 'error')).toEqual([['error', 'record buried', fields]]);
  });

  it('buries a batch of one after its attempts, without trying it once more', async () => {
    let attempts = 0;
    const { run, buried } = harness(async () => {
      attempts++;
      throw 'not even an error';
    });
    expect(await run(batchOf(9))).toBe('finished');
    expect(attempts).toBe(2);
    expect(buried).toEqual(['9 not even an error']);
  });

  it('does not count failures that a retry may help', async () => {
    let attempts = 0;
    const { run, buried } = harness(async () => {
      attempts++;
      if (attempts < 4) throw new ChatError(ErrorCode.OVERLOADED, 'later');
    }, 1);
    expect(await run(batchOf(1, 2))).toBe('finished');
    expect(buried).toEqual([]);
  });

  it('goes on trying to write a dead letter, and finishes the record only then', async () => {
    const { run, buried, finished, failBurials } = harness(async () => {
      throw new Error('bad');
    }, 1);
    failBurials(2);
    expect(await run(batchOf(1))).toBe('finished');
    expect(buried).toEqual(['1 bad']);
    expect(finished).toEqual([2n]);
  });

  it('gives up when the partition is taken away, and finishes nothing then', async () => {
    const { run, abort, finished, buried } = harness(async (_, signal) => {
      abort.abort();
      expect(signal.aborted).toBe(true);
      throw new Error('interrupted');
    });
    expect(await run(batchOf(1, 2))).toBe('aborted');
    expect(await run(batchOf(1, 2))).toBe('aborted');
    expect([finished, buried]).toEqual([[], []]);
  });

  it('counts a batch that was handled although the partition is being taken away', async () => {
    const { run, abort, finished } = harness(async () => abort.abort());
    expect(await run(batchOf(1, 2))).toBe('finished');
    expect(finished).toEqual([3n]);
  });

  it('keeps reasons short', async () => {
    const { run, buried } = harness(async () => {
      throw new Error('x'.repeat(10_000));
    }, 1);
    await run(batchOf(1));
    expect(buried[0]).toHaveLength(502);
  });
});
