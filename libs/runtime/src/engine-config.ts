// Settings of the engines.
import { defineSection, type Field, field } from '@parley/config';
import { z } from 'zod';

export interface EngineConfig {
  readonly dataDir: string;
  readonly tableStore: 'embedded';
  readonly eventLog: 'embedded';
  readonly coordination: 'memory';
}

interface EngineChoice<E extends string> {
  readonly port: string;
  readonly env: string;
  readonly engine: E;
  /** Engines that the port is made for and that this build does not have. */
  readonly later: readonly string[];
}

/** One engine to choose from today; the others are known by name, so that the answer can be clear. */
function engineField<E extends string>({ port, env, engine, later }: EngineChoice<E>): Field<E> {
  const schema = z.string().transform((value, context): E => {
    if (value === engine) return engine;
    const message = later.includes(value)
      ? `${value} is not available in this build yet; use ${engine}`
      : `there is no such engine; use ${engine}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
  const doc = `Engine of ${port}: ${engine} (${later.join(', ')}: not available in this build yet).`;
  return field<E>({ schema, default: engine, env, doc });
}

export const engineConfig = defineSection<EngineConfig>('engines', {
  dataDir: field({
    schema: z.string().min(1),
    default: './data',
    env: 'PARLEY_DATA_DIR',
    doc: 'Directory of the embedded engines, the bootstrap key and the operator token.',
  }),
  tableStore: engineField({
    port: 'the tables',
    env: 'PARLEY_TABLE_STORE',
    engine: 'embedded',
    later: ['cassandra'],
  }),
  eventLog: engineField({
    port: 'the event log',
    env: 'PARLEY_EVENT_LOG',
    engine: 'embedded',
    later: ['kafka'],
  }),
  coordination: engineField({
    port: 'coordination',
    env: 'PARLEY_COORDINATION',
    engine: 'memory',
    later: ['redis'],
  }),
});
