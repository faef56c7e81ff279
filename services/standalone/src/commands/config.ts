// `parley check-config` and `parley print-config`.
import { printConfig, renderConfigDocs } from '@parley/config';
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
    .option('--docs', 'print the reference of all settings instead (docs/config.md)')
    .action((options: { config?: string; docs?: boolean }) => {
      const text = options.docs
        ? renderConfigDocs(sections)
        : printConfig(sections, loadConfig(options.config));
      process.stdout.write(text);
    });
}
