// `parley serve`: runs until it is told to stop.
import type { Command } from 'commander';
import { ExitCode } from '../exit-code.js';
import { readyBanner } from '../node/banner.js';
import { explainStartFailure } from '../node/explain-start-failure.js';
import { ParleyNode } from '../node/parley-node.js';
import { loadConfig } from '../node/settings.js';

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
  const stopping = stopOnSignal(node);
  failOnStrayErrors(node);
  try {
    await node.start();
  } catch (thrown) {
    throw explainStartFailure(thrown, config);
  }
  if (options.banner) process.stdout.write(readyBanner(config, './parley'));
  await stopping;
}

/** Resolves after an orderly stop. A second signal ends the process at once. */
function stopOnSignal(node: ParleyNode): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (isStopping) process.exit(ExitCode.FAILURE);
      isStopping = true;
      node.logs.logger('process').info('stopping', { signal });
      void node.stop().then(resolve);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
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
