// The engines of `make engines-up` as processes of this machine. Linux only: it reads /proc.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedProcess } from './cpu-split.js';

/** Says which engine, and what to do. */
export class EnginesNotFound extends Error {}

const ENGINES = ['kafka', 'cassandra', 'redis'] as const;

/**
 * Kafka, Cassandra and Redis as `make engines-up` noted them: a pid and when that process began, in clock ticks.
 * @throws EnginesNotFound with the remedy when one does not run, or runs where its CPU cannot be read (Docker).
 */
export function findEngineProcesses(directory: string): NamedProcess[] {
  return ENGINES.map((name) => {
    const file = join(directory, name, 'pid');
    const remedy = `start the engines with \`make engines-up\`, as processes of this machine and without Docker, or name their directory`;
    let noted: string;
    try {
      noted = readFileSync(file, 'utf8');
    } catch (cause) {
      throw new EnginesNotFound(`no process of ${name} is noted in ${file}: ${remedy}`, { cause });
    }
    const [pid, began] = noted.trim().split(' ');
    // A pid alone may be somebody else's by now.
    if (began === undefined || beganAt(Number(pid)) !== began) {
      throw new EnginesNotFound(`the process of ${name} noted in ${file} does not run: ${remedy}`);
    }
    return { name, pid: Number(pid) };
  });
}

/** Undefined when there is no such process. */
function beganAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    // Gone: the caller says so.
    return undefined;
  }
}
