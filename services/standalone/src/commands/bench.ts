// `parley bench`: measures this build on this machine.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type BenchReport,
  EnginesNotFound,
  renderCpuSplit,
  renderTable,
  runBench,
  runClusterBench,
  scenarioNames,
} from '@parley/bench';
import type { Command } from 'commander';
import { CommandError, ExitCode } from '../exit-code.js';
import { toPositiveInteger } from './numbers.js';

interface BenchCommandOptions {
  readonly seconds: number;
  readonly only?: string[];
  readonly json?: string;
  readonly cluster?: true;
  readonly enginesDir: string;
}

export function addBench(program: Command): void {
  program
    .command('bench')
    .description('measure server CPU per unit of work beside a bare relay; Linux only')
    .option('--seconds <n>', 'length of each measurement', toPositiveInteger, 10)
    .option('--only <names...>', `some of: ${scenarioNames.join(', ')}`)
    .option('--cluster', 'measure two processes of every service over the engines of make engines-up')
    .option(
      '--engines-dir <dir>',
      'with --cluster: where make engines-up notes its processes',
      'data/engines',
    )
    .option('--json <file>', 'also write the figures as JSON')
    .action(bench);
}

// The server runs with the flags of this process, as the parley command gave them.
const serveCommand = (): [string, ...string[]] => [
  process.execPath,
  ...process.execArgv,
  process.argv[1] ?? '',
  'serve',
  '--no-banner',
];

const onProgress = (line: string): boolean => process.stderr.write(`${line}\n`);

async function bench(options: BenchCommandOptions): Promise<void> {
  if (process.platform !== 'linux') {
    throw new CommandError('the bench reads /proc; run it on Linux', ExitCode.ENVIRONMENT);
  }
  if (options.cluster) await benchCluster(options);
  else await benchStandalone(options);
}

async function benchStandalone({ seconds, only, json }: BenchCommandOptions): Promise<void> {
  const unknown = only?.find((name) => !scenarioNames.includes(name));
  if (unknown)
    throw new CommandError(`no scenario "${unknown}"; use ${scenarioNames.join(', ')}`, ExitCode.USAGE);
  const durationMs = seconds * 1000;
  const report = await runBench({
    command: serveCommand(),
    durationMs,
    ...(only ? { only } : {}),
    onProgress,
  });
  write(report, json, renderTable(report));
}

async function benchCluster({ seconds, only, json, enginesDir }: BenchCommandOptions): Promise<void> {
  if (only) throw new CommandError('--only names scenarios of one server, not of --cluster', ExitCode.USAGE);
  const report = await runClusterBench({
    command: serveCommand(),
    durationMs: seconds * 1000,
    enginesDir,
    onProgress,
  }).catch((thrown: unknown) => {
    if (thrown instanceof EnginesNotFound) {
      throw new CommandError(thrown.message, ExitCode.ENVIRONMENT, { cause: thrown });
    }
    throw thrown;
  });
  write(report, json, `${renderTable(report)}\n\n${renderCpuSplit(report)}`);
}

function write(report: BenchReport, json: string | undefined, tables: string): void {
  if (json) {
    mkdirSync(dirname(json), { recursive: true });
    writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  }
  process.stdout.write(
    `${report.cpu}, ${report.cores} cores, Node ${report.node}, ${report.startedAt}\n\n${tables}\n`,
  );
}
