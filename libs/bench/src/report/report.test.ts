import { createReport, renderCpuSplit, renderTable } from './report.js';

describe('renderTable', () => {
  it('shows the ratio and says what misses its target', () => {
    const report = createReport(new Date(0), 1000, [
      { name: 'message', value: 50, unit: 'µs', yardstick: 20, target: '≤ 2×', isMet: false },
      { name: 'login', value: 4000, unit: 'per CPU-second', target: '≥ 3000', isMet: true },
    ]);
    const lines = renderTable(report).split('\n');
    expect(lines[2]).toBe('| message | 50.0 µs | 20.0 | 2.50× | ≤ 2× | **no** |');
    expect(lines[3]).toBe('| login | 4000 per CPU-second |  |  | ≥ 3000 | yes |');
  });
});

describe('renderCpuSplit', () => {
  it('shows what each process spends and all together', () => {
    const cpuSplit = [
      { name: 'message-1', microsPerMessage: 150 },
      { name: 'kafka', microsPerMessage: 50 },
    ];
    expect(
      renderCpuSplit({ ...createReport(new Date(0), 1000, []), cpuSplit })
        .split('\n')
        .slice(2),
    ).toEqual(['| message-1 | 150 µs | 75 % |', '| kafka | 50.0 µs | 25 % |', '| all | 200 µs | 100 % |']);
  });
});
