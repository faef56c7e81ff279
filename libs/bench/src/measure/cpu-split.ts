// CPU of several processes over the same time, told apart.
import { cpuSecondsOf } from './process-cost.js';

export interface NamedProcess {
  readonly name: string;
  readonly pid: number;
}

export interface CpuShare {
  readonly name: string;
  readonly seconds: number;
}

/** Reads what each process has used from now on. @throws Error when one is gone by then. */
export function watchCpu(processes: readonly NamedProcess[]): () => CpuShare[] {
  const before = processes.map(({ pid }) => cpuSecondsOf(pid));
  return () =>
    processes.map(({ name, pid }, at) => ({ name, seconds: cpuSecondsOf(pid) - (before[at] ?? 0) }));
}

export const totalSeconds = (shares: readonly CpuShare[]): number =>
  shares.reduce((sum, { seconds }) => sum + seconds, 0);
