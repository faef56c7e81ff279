// `parley check-config` and `parley print-config`.
import { printConfig, renderConfigDocs } from '@parley/config';
import { ChatError } from '@parley/kernel';
import { checkEngineFiles, type EngineConfig, engineConfig } from '@parley/runtime';
import type { Command } from 'commander';
import { CommandError, ExitCode } from '../exit-code.js';
import { loadConfig, sections } from '../node/settings.js';

export function addConfigCommands(program: Command): void {
  program
    .command('check-config')
    .description('find every problem of the settings at once')
    .option('--config <file>', 'YAML file with settings')
    .action((options: { config?: string }) => {
      const config = loadConfig(options.config);
      checkFiles(config.of(engineConfig));
      process.stdout.write('the settings are fine\n');
    });
  program
    .command('print-config')
    .description('print the settings in force as YAML, secrets masked')
    .option('--config <file>', 'YAML file with settings')
    .option('--docs', 'print the reference of all settings instead (docs/config.md)')
    .action((options: { config?: string; docs?: boolean }) => {
      const text = options.docs
        ? renderConfigDocs(sections)
        : printConfig(sections, loadConfig(options.config));
      process.stdout.write(text);
    });
}

/** Files that the settings name are part of them. */
function checkFiles(config: EngineConfig): void {
  try {
    checkEngineFiles(config);
  } catch (thrown) {
    throw new CommandError(ChatError.from(thrown).info, ExitCode.CONFIG);
  }
}
