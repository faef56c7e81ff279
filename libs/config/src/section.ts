// A service's settings as data: one declaration gives reading, checking, help and docs.
import type { z } from 'zod';

export interface Field<T> {
  readonly schema: z.ZodType<T>;
  readonly default: T;
  /** Environment variable. */
  readonly env: string;
  /** One sentence, with the unit. */
  readonly doc: string;
  readonly unit?: string;
  /** Never printed. */
  readonly isSecret?: boolean;
}

export type Fields<C> = { readonly [K in keyof C]: Field<C[K]> };

/** A named group of settings; the name is its key in the YAML file. */
export interface ConfigSection<C> {
  readonly name: string;
  readonly fields: Fields<C>;
}

export const field = <T>(declaration: Field<T>): Field<T> => declaration;

export const defineSection = <C>(name: string, fields: Fields<C>): ConfigSection<C> => ({ name, fields });
