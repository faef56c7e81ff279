// Child processes for tests of what happens between processes and when one dies.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const at = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

export interface Child {
  readonly process: ChildProcess;
  /** Lines of stdout so far; grows. */
  readonly lines: string[];
  /** Resolves when there are that many lines, or the process has ended. */
  until(lines: number): Promise<void>;
  /** Resolves with the exit code, null after a signal, when all output has been read. */
  readonly ended: Promise<number | null>;
}

/** Runs a program of this folder. `fileBlocksMax`: no file may grow beyond that many blocks of 512 bytes. */
export function startChild(program: string, args: readonly string[], fileBlocksMax?: number): Child {
  const node = [
    process.execPath,
    '--conditions=source',
    '--experimental-transform-types',
    '--disable-warning=ExperimentalWarning',
    '--import',
    at('./run-sources.mjs'),
    at(program),
    ...args,
  ];
  const limit = fileBlocksMax === undefined ? '' : `ulimit -f ${fileBlocksMax}; `;
  const child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...node], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const lines: string[] = [];
  const waiters = new Set<() => void>();
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    lines.push(line);
    for (const waiter of waiters) waiter();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const until = async (count: number): Promise<void> => {
    const reached = new Promise<void>((resolve) => {
      const check = (): void => {
        if (lines.length >= count) resolve();
      };
      waiters.add(check);
      check();
    });
    await Promise.race([reached, ended]);
  };
  return { process: child, lines, until, ended };
}
