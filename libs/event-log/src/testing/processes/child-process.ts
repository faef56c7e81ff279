// Child processes that append and are killed, or run into the end of their disk.
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
  /** Resolves when the process has ended and all output has been read. */
  readonly ended: Promise<void>;
}

/** Runs `append-program.ts`. `fileBlocksMax`: no file may grow beyond that many blocks of 512 bytes. */
export function startAppending(args: readonly string[], fileBlocksMax?: number): Child {
  const node = [
    process.execPath,
    '--conditions=source',
    '--experimental-transform-types',
    '--disable-warning=ExperimentalWarning',
    '--import',
    at('./run-sources.mjs'),
    at('./append-program.ts'),
    ...args,
  ];
  const limit = fileBlocksMax === undefined ? '' : `ulimit -f ${fileBlocksMax}; `;
  const child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...node], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const lines: string[] = [];
  const waiters = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const waiter of waiters) waiter();
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
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
