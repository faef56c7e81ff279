import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, defineSection, field, printConfig, readConfig, renderConfigDocs } from './index.js';

interface Door {
  readonly port: number;
  readonly key: string;
  readonly isOpen: boolean;
  readonly hosts: readonly string[];
}

const door = defineSection<Door>('door', {
  port: field({
    schema: z.number().int().max(65535),
    default: 80,
    env: 'PARLEY_PORT',
    doc: 'Port of the door.',
  }),
  key: field({
    schema: z.string().max(8),
    default: '',
    env: 'PARLEY_KEY',
    doc: 'Key of the door.',
    isSecret: true,
  }),
  isOpen: field({ schema: z.boolean(), default: true, env: 'PARLEY_OPEN', doc: 'Whether it opens.' }),
  hosts: field({ schema: z.array(z.string()), default: [], env: 'PARLEY_HOSTS', doc: 'Who may come.' }),
});

const dir = mkdtempSync(join(tmpdir(), 'parley-config-'));
afterAll(() => rmSync(dir, { recursive: true }));
const fileWith = (text: string): string => {
  const path = join(dir, `${Math.random()}.yaml`);
  writeFileSync(path, text);
  return path;
};
const problemsOf = (env: Record<string, string>, file?: string): readonly string[] => {
  try {
    readConfig([door], file ? { env, file } : { env });
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.problems;
    throw thrown;
  }
};

describe('readConfig', () => {
  it('takes the environment before the file before the default', () => {
    const file = fileWith('door:\n  port: 81\n  isOpen: false\n');
    const config = readConfig([door], { env: { PARLEY_PORT: '82', PARLEY_HOSTS: 'a, b' }, file });
    expect(config.of(door)).toEqual({ port: 82, key: '', isOpen: false, hosts: ['a', 'b'] });
  });

  it('reads a secret from a file', () => {
    const config = readConfig([door], { env: { PARLEY_KEY_FILE: fileWith('s3cret\n') } });
    expect(config.of(door).key).toBe('s3cret');
  });

  it('finds every problem at once, each with its place and the meaning', () => {
    const file = fileWith('door:\n  prot: 1\nwindow: {}\n');
    const problems = problemsOf({ PARLEY_PORT: 'eighty', PARLEY_OPEN: 'maybe', PARLEY_TYPO: '1' }, file);
    expect(problems).toHaveLength(5);
    expect(problems.join('\n')).toMatch(/PARLEY_TYPO.*no such setting/);
    expect(problems.join('\n')).toMatch(/"door.prot"/);
    expect(problems.join('\n')).toMatch(/"window"/);
    expect(problems.join('\n')).toMatch(/PARLEY_PORT:.*"eighty".*Port of the door/);
  });

  it('guesses what a mistyped name was meant to be, and only when it is near', () => {
    const problems = problemsOf({ PARLEY_PROT: '1', PARLEY_SOMETHING_ELSE: '1' }).join('\n');
    expect(problems).toContain('PARLEY_PROT: there is no such setting (did you mean PARLEY_PORT?)');
    expect(problems).toContain('PARLEY_SOMETHING_ELSE: there is no such setting;');
    expect(problemsOf({}, fileWith('dor: {}\n'))[0]).toContain('(did you mean door?)');
  });

  it('refuses a section that holds no settings, and takes an empty one', () => {
    expect(problemsOf({}, fileWith('door: 5\n'))[0]).toMatch(/section "door" must hold settings/);
    expect(problemsOf({}, fileWith('door:\n'))).toEqual([]);
  });

  it('refuses two sources of one secret, and the mask of a printed one', () => {
    expect(problemsOf({ PARLEY_KEY: 'a', PARLEY_KEY_FILE: fileWith('b') })[0]).toMatch(/both set; unset one/);
    expect(problemsOf({ PARLEY_KEY_FILE: join(dir, 'absent') })[0]).toMatch(
      /PARLEY_KEY_FILE.*cannot be read/,
    );
    const printed = printConfig([door], readConfig([door], { env: { PARLEY_KEY: 'hidden' } }));
    expect(problemsOf({}, fileWith(printed))).toEqual([expect.stringMatching(/door.key: is the mask/)]);
  });

  it('reads back what it printed', () => {
    const config = readConfig([door], { env: { PARLEY_PORT: '82', PARLEY_HOSTS: 'a,b' } });
    const again = readConfig([door], { env: {}, file: fileWith(printConfig([door], config)) });
    expect(again.of(door)).toEqual(config.of(door));
  });

  it('says so when a file cannot be read or parsed', () => {
    expect(problemsOf({}, join(dir, 'absent.yaml'))[0]).toMatch(/cannot be read/);
    expect(problemsOf({}, fileWith('a: [1'))).not.toEqual([]);
    expect(problemsOf({}, fileWith('- 1\n'))[0]).toMatch(/must hold sections/);
  });

  it('never shows a secret', () => {
    const secret = 'too-long-to-fit';
    expect(problemsOf({ PARLEY_KEY: secret }).join()).not.toContain(secret);
    const config = readConfig([door], { env: { PARLEY_KEY: 'hidden' } });
    expect(printConfig([door], config)).not.toContain('hidden');
    expect(printConfig([door], config)).toContain('port: 80');
  });
});

describe('renderConfigDocs', () => {
  it('has a row a setting', () => {
    expect(renderConfigDocs([door])).toContain('| `port` | `PARLEY_PORT` | `80` | Port of the door. |');
  });
});
