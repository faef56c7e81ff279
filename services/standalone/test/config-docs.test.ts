import { readFileSync } from 'node:fs';
import { renderConfigDocs } from '@parley/config';
import { sections } from '../src/node/settings.js';

describe('docs/config.md', () => {
  it('is what the declarations say; make generate writes it anew', () => {
    const written = readFileSync(new URL('../../../docs/config.md', import.meta.url), 'utf8');
    expect(written).toBe(renderConfigDocs(sections));
  });
});
