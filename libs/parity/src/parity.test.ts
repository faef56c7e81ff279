import { fileURLToPath } from 'node:url';
import { checkParity, verifyParity } from './parity.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('docs/parity.md', () => {
  it('is current, and no tag names an unknown row', () => {
    expect(checkParity(root)).toEqual([]);
  });

  it('claims nothing that holds without a run', () => {
    const withoutRun = verifyParity(root, { testResults: [] });
    expect(withoutRun.every((problem) => problem.includes('the run has no such test'))).toBe(true);
  });
});
