// `parley check-config` and `parley print-config`.
import { printConfig } from '@parley/config';
import type { Command } from 'commander';
import { loadConfig, sections } from '../node/settings.js';

export function addConfigCommands(program: Command): void {
  program
    .command('check-config')
    .description('find every problem of the settings at once')
    .option('--config <file>', 'YAML file with settings')
    .action((options: { config?: string }) => {
      loadConfig(options.config);
      process.stdout.write('the settings are fine\n');
    });
  program
    .command('print-config')
    .description('print the settings in force as YAML, secrets masked')
    .option('--config <file>', 'YAML file with settings')
    .action((options: { config?: string }) => {
      process.stdout.write(printConfig(sections, loadConfig(options.config)));
    });
}
