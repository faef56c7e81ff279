// `parley bench`: measures this build on this machine.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { renderTable, runBench, scenarioNames } from '@parley/bench';
import type { Command } from 'commander';
import { CommandError, ExitCode } from '../exit-code.js';
import { toPositiveInteger } from './numbers.js';

interface BenchCommandOptions {
  readonly seconds: number;
  readonly only?: string[];
  readonly json?: string;
}

export function addBench(program: Command): void {
  program
    .command('bench')
    .description('measure server CPU per unit of work beside a bare relay; Linux only')
    .option('--seconds <n>', 'length of each measurement', toPositiveInteger, 10)
    .option('--only <names...>', `some of: ${scenarioNames.join(', ')}`)
    .option('--json <file>', 'also write the figures as JSON')
    .action(bench);
}

async function bench({ seconds, only, json }: BenchCommandOptions): Promise<void> {
  if (process.platform !== 'linux') {
    throw new CommandError('the bench reads /proc; run it on Linux', ExitCode.ENVIRONMENT);
  }
  const unknown = only?.find((name) => !scenarioNames.includes(name));
  if (unknown)
    throw new CommandError(`no scenario "${unknown}"; use ${scenarioNames.join(', ')}`, ExitCode.USAGE);
  const report = await runBench({
    // The server runs with the flags of this process, as the parley command gave them.
    command: [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'serve', '--no-banner'],
    durationMs: seconds * 1000,
    ...(only ? { only } : {}),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  if (json) {
    mkdirSync(dirname(json), { recursive: true });
    writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  }
  process.stdout.write(
    `${report.cpu}, ${report.cores} cores, Node ${report.node}, ${report.startedAt}\n\n${renderTable(report)}\n`,
  );
}
