// The kinds of settings that engines have.
import { type Field, field } from '@parley/config';
import { z } from 'zod';

interface EngineChoice<E extends string> {
  readonly port: string;
  readonly env: string;
  /** The first one is the default. */
  readonly engines: readonly [E, ...E[]];
}

/** Which engine stands behind a port. */
export function engineField<E extends string>({ port, env, engines }: EngineChoice<E>): Field<E> {
  const choice = engines.join(' or ');
  const schema = z.enum(engines, {
    error: `there is no such engine; use ${choice}`,
  }) as unknown as z.ZodType<E>;
  return field<E>({ schema, default: engines[0], env, doc: `Engine of ${port}: ${choice}.` });
}

export const textField = (env: string, doc: string): Field<string> =>
  field({ schema: z.string(), default: '', env, doc });

export const secretField = (env: string, doc: string): Field<string> =>
  field({ schema: z.string(), default: '', env, doc, isSecret: true });

export const flagField = (env: string, doc: string): Field<boolean> =>
  field({ schema: z.boolean(), default: false, env, doc });

/** `host:port` of some nodes of an engine. */
export const addressesField = (env: string, port: number, doc: string): Field<readonly string[]> =>
  field<readonly string[]>({
    schema: z.array(z.string().regex(/^\S+:\d{1,5}$/, 'is no host:port')).min(1, 'names no node'),
    default: [`127.0.0.1:${port}`],
    env,
    doc,
  });

const REPLICAS_MAX = 10;

/** How many copies of what is made new; 0 leaves it to the engine. */
export const replicasField = (env: string, doc: string): Field<number> =>
  field({ schema: z.number().int().min(0).max(REPLICAS_MAX), default: 0, env, doc });
