// Settings of the engines and of the process around the services.
import { defineSection, field } from '@parley/config';
import { z } from 'zod';

export interface EngineConfig {
  readonly dataDir: string;
  readonly tableStore: 'embedded';
  readonly eventLog: 'embedded';
  readonly coordination: 'memory';
}

export const engineConfig = defineSection<EngineConfig>('engines', {
  dataDir: field({
    schema: z.string().min(1),
    default: './data',
    env: 'PARLEY_DATA_DIR',
    doc: 'Directory of the embedded engines, the bootstrap key and the operator token.',
  }),
  tableStore: field({
    schema: z.enum(['embedded']),
    default: 'embedded',
    env: 'PARLEY_TABLE_STORE',
    doc: 'Engine of the tables.',
  }),
  eventLog: field({
    schema: z.enum(['embedded']),
    default: 'embedded',
    env: 'PARLEY_EVENT_LOG',
    doc: 'Engine of the event log.',
  }),
  coordination: field({
    schema: z.enum(['memory']),
    default: 'memory',
    env: 'PARLEY_COORDINATION',
    doc: 'Engine of coordination.',
  }),
});
