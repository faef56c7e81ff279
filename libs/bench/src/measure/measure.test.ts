import { summarise } from './percentiles.js';
import { cpuSecondsOf, residentBytesOf } from './process-cost.js';

describe('summarise', () => {
  it('takes percentiles from the samples themselves', () => {
    const samples = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(summarise(samples)).toEqual({ count: 100, p50: 50, p99: 99, max: 100 });
  });

  it('has no figures without samples', () => {
    expect(summarise([]).p99).toBeNaN();
  });
});

describe('process cost', () => {
  it('sees this process work', () => {
    const before = cpuSecondsOf(process.pid);
    const own = process.cpuUsage();
    while (process.cpuUsage(own).user < 100_000) Math.sqrt(Math.random());
    expect(cpuSecondsOf(process.pid) - before).toBeGreaterThanOrEqual(0.05);
  });

  it('sees its memory', () => {
    const rss = process.memoryUsage().rss;
    expect(residentBytesOf(process.pid)).toBeGreaterThan(rss / 2);
  });
});
