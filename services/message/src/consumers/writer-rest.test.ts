import { WRITER_REST_MS, WriterRest } from './writer-rest.js';

const msOf = async (work: Promise<void>, startedAt = performance.now()): Promise<number> => {
  await work;
  return performance.now() - startedAt;
};

describe('the rest of the history writer', () => {
  it('lasts its time, for all partitions together', async () => {
    const rest = new WriterRest();
    const startedAt = performance.now();
    const [first, second] = [rest.rest(), rest.rest()];
    expect(second).toBe(first);
    // Timers may fire a fraction of a millisecond early.
    expect(await msOf(first, startedAt)).toBeGreaterThan(WRITER_REST_MS - 2);
    expect(rest.rest()).not.toBe(first);
    rest.stop();
  });

  it('ends when somebody waits, and the next one is whole again', async () => {
    const rest = new WriterRest();
    const first = rest.rest();
    rest.hurry();
    await first;
    expect(await msOf(rest.rest())).toBeGreaterThan(WRITER_REST_MS - 2);
  });

  it('does not happen after a stop', async () => {
    const rest = new WriterRest();
    const running = rest.rest();
    rest.stop();
    await Promise.all([running, rest.rest()]);
  });

  it('may be hurried at any time', () => {
    const rest = new WriterRest();
    rest.hurry();
    rest.stop();
    rest.stop();
  });
});
