// `parley serve`: runs until it is told to stop.
import type { Command } from 'commander';
import { ExitCode } from '../exit-code.js';
import { readyBanner } from '../node/banner.js';
import { explainStartFailure } from '../node/explain-start-failure.js';
import { ParleyNode } from '../node/parley-node.js';
import { processConfig } from '../node/process-config.js';
import { loadConfig } from '../node/settings.js';

/** What closing the engines may take after the services have stopped. */
const STOP_MARGIN_MS = 10_000;

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run the services until SIGTERM or SIGINT')
    .option('--target <names>', 'services of this process: all, or names joined by commas', 'all')
    .option('--config <file>', 'YAML file with settings')
    .option('--no-banner', 'do not print what to try first')
    .action(async (options: { target: string; config?: string; banner: boolean }) => {
      await serve(options);
    });
}

async function serve(options: { target: string; config?: string; banner: boolean }): Promise<void> {
  const config = loadConfig(options.config);
  const node = new ParleyNode({ config, target: options.target });
  const end = endOnSignal(node, config.of(processConfig).stopTimeoutMs + STOP_MARGIN_MS);
  failOnStrayErrors(node);
  try {
    await node.start();
  } catch (thrown) {
    throw explainStartFailure(thrown, config);
  }
  if (options.banner && !end.isAskedFor()) process.stdout.write(readyBanner(config, options.config));
  await end.reached;
}

interface End {
  isAskedFor(): boolean;
  /** Resolves after an orderly stop. */
  readonly reached: Promise<void>;
}

/** A second signal, or a stop that takes too long, ends the process at once; what was acked is on disk. */
function endOnSignal(node: ParleyNode, stopTimeoutMs: number): End {
  const log = node.logs.logger('process');
  let isAskedFor = false;
  const reached = new Promise<void>((resolve, reject) => {
    const stop = (signal: NodeJS.Signals): void => {
      if (isAskedFor) process.exit(ExitCode.FAILURE);
      isAskedFor = true;
      log.info('process.stopping', { signal });
      const giveUp = (): void => {
        log.error('process.stop.given.up', { stopTimeoutMs });
        process.exit(ExitCode.FAILURE);
      };
      setTimeout(giveUp, stopTimeoutMs).unref();
      node.stop().then(resolve, reject);
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
  });
  return { isAskedFor: () => isAskedFor, reached };
}

/** A rejection that nobody handles leaves unknown state behind: durable state is safe on disk, so the process ends. */
function failOnStrayErrors(node: ParleyNode): void {
  const fail = (cause: unknown): void => {
    node.logs.logger('process').error('unhandled failure', { cause });
    process.exit(ExitCode.FAILURE);
  };
  process.on('unhandledRejection', fail);
  process.on('uncaughtException', fail);
}
