// `parley migrate`: makes the tables and topics of every service, and nothing else.
import { EngineWait, engineConfig, engineProbes, openEngines } from '@parley/runtime';
import { createLogRoot, createMetricRegistry } from '@parley/telemetry';
import type { Command } from 'commander';
import { explainStartFailure } from '../node/explain-start-failure.js';
import { processConfig } from '../node/process-config.js';
import { loadConfig, manifests } from '../node/settings.js';

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description(
      'make the tables and topics of every service; only ever adds, and may run as often as wanted',
    )
    .option('--config <file>', 'YAML file with settings')
    .action(async (options: { config?: string }) => {
      await migrate(options.config);
    });
}

async function migrate(file?: string): Promise<void> {
  const config = loadConfig(file);
  const logs = createLogRoot({ level: config.of(processConfig).logLevel });
  const tables = manifests.flatMap((manifest) => manifest.tables);
  const topics = manifests.flatMap((manifest) => manifest.topics);
  const engineSettings = config.of(engineConfig);
  try {
    const probes = engineProbes(engineSettings);
    await new EngineWait({ probes, log: logs.logger('process') }).untilAllAnswer();
    const engines = await openEngines({ config: engineSettings, logs, metrics: createMetricRegistry() });
    try {
      await engines.tables.migrate(tables);
      await engines.log.ensureTopics(topics);
    } finally {
      await engines.close();
    }
  } catch (thrown) {
    throw explainStartFailure(thrown, config);
  }
  process.stdout.write(
    `${tables.length} tables and ${topics.length} topics are as this version wants them\n`,
  );
}
