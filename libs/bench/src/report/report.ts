// A run's figures as JSON for machines and as a table for people.
import { cpus, totalmem } from 'node:os';
import type { Figure } from '../scenarios/bench-target.js';

export interface BenchReport {
  readonly startedAt: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly durationMs: number;
  readonly figures: readonly Figure[];
}

export interface ProcessCost {
  readonly name: string;
  readonly microsPerMessage: number;
}

/** Of a cluster: also what each process spends. */
export interface ClusterReport extends BenchReport {
  readonly cpuSplit: readonly ProcessCost[];
}

export function createReport(startedAt: Date, durationMs: number, figures: readonly Figure[]): BenchReport {
  return {
    startedAt: startedAt.toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    durationMs,
    figures,
  };
}

const round = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1));

/** A Markdown table. A missed target says so. The yardstick is the bare relay where the row names no other. */
export function renderTable(report: BenchReport): string {
  const rows = report.figures.map(({ name, value, unit, yardstick, target, isMet }) => {
    const beside = yardstick === undefined ? '' : round(yardstick);
    const ratio = yardstick === undefined ? '' : `${(value / yardstick).toFixed(2)}×`;
    return `| ${name} | ${round(value)} ${unit} | ${beside} | ${ratio} | ${target} | ${isMet ? 'yes' : '**no**'} |`;
  });
  return [
    '| What | Server | Yardstick | Ratio | Target | Met |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** CPU per durable message by process, as a Markdown table. */
export function renderCpuSplit({ cpuSplit }: ClusterReport): string {
  const total = cpuSplit.reduce((sum, { microsPerMessage }) => sum + microsPerMessage, 0);
  const rows = [...cpuSplit, { name: 'all', microsPerMessage: total }].map(
    ({ name, microsPerMessage }) =>
      `| ${name} | ${round(microsPerMessage)} µs | ${((100 * microsPerMessage) / total).toFixed(0)} % |`,
  );
  return ['| Process | CPU per message | Share |', '| --- | --- | --- |', ...rows].join('\n');
}
