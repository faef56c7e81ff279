import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnginesNotFound, findEngineProcesses } from './engine-processes.js';

const began = readFileSync(`/proc/${process.pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ')[19];

describe('engines as processes', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-engines-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const note = async (engine: string, text: string): Promise<void> => {
    await mkdir(join(directory, engine), { recursive: true });
    await writeFile(join(directory, engine, 'pid'), text);
  };

  it('finds all three by what engines-up noted', async () => {
    for (const engine of ['kafka', 'cassandra', 'redis']) await note(engine, `${process.pid} ${began}\n`);
    expect(findEngineProcesses(directory)).toEqual(
      ['kafka', 'cassandra', 'redis'].map((name) => ({ name, pid: process.pid })),
    );
  });

  it('says which one is missing, and what to do', () => {
    expect(() => findEngineProcesses(directory)).toThrow(EnginesNotFound);
    expect(() => findEngineProcesses(directory)).toThrow(/kafka.*make engines-up/);
  });

  it.each(['', 'nonsense', '0 0', `${process.pid} 1`])(
    'does not take %j for a running process',
    async (text) => {
      await note('kafka', text);
      expect(() => findEngineProcesses(directory)).toThrow(/kafka.*does not run/);
    },
  );
});
