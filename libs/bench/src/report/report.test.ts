import { createReport, renderTable } from './report.js';

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
