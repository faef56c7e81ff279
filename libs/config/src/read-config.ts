// From defaults, a YAML file and the environment to checked settings: later
// sources win, and every problem is found before anything starts.
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { suggest } from './nearest-name.js';
import type { ConfigSection, Field } from './section.js';

// biome-ignore lint/suspicious/noExplicitAny: sections of different services share no shape
export type AnySection = ConfigSection<any>;

export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of a YAML file; absent: none. */
  readonly file?: string;
}

/** All problems of one reading, a line each. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
  }
}

const ENV_PREFIX = 'PARLEY_';
/** Names the YAML file; belongs to no section. */
export const CONFIG_FILE_ENV = 'PARLEY_CONFIG';
/** A secret may be given as a file that holds it. */
const FILE_SUFFIX = '_FILE';
/** What stands for a secret when settings are printed; read back, it is a mistake. */
export const SECRET_MASK = '(secret)';

/** Checked settings by section. */
export class Config {
  constructor(private readonly values: ReadonlyMap<string, unknown>) {}

  /** @throws Error when the section was not read. */
  of<C>(section: ConfigSection<C>): C {
    const value = this.values.get(section.name);
    if (value === undefined) throw new Error(`the section ${section.name} was not read`);
    return value as C;
  }
}

/** @throws ConfigError with every problem at once: unknown names, wrong types, values out of bounds, unreadable files. */
export function readConfig(sections: readonly AnySection[], sources: ConfigSources): Config {
  const problems: string[] = [];
  const yaml = readYaml(sources.file, problems);
  checkNames(sections, yaml, sources, problems);
  const values = new Map<string, unknown>();
  for (const section of sections) {
    const fromFile = isMapping(yaml[section.name]) ? (yaml[section.name] as Record<string, unknown>) : {};
    const entries = fieldsOf(section).map(([key, field]) => {
      const where = `${section.name}.${key}`;
      return [key, resolve(where, field, fromFile[key], sources.env, problems)];
    });
    values.set(section.name, Object.fromEntries(entries));
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return new Config(values);
}

export const fieldsOf = (section: AnySection): [string, Field<unknown>][] =>
  Object.entries(section.fields as Record<string, Field<unknown>>);

function readYaml(file: string | undefined, problems: string[]): Record<string, unknown> {
  if (!file) return {};
  try {
    const document = parseDocument(readFileSync(file, 'utf8'));
    problems.push(...document.errors.map((error) => `${file}: ${error.message.split('\n')[0]}`));
    const value: unknown = document.toJS() ?? {};
    if (isMapping(value)) return value;
    problems.push(`${file}: must hold sections with settings, for example "gateway:\\n  port: 8081"`);
  } catch (cause) {
    problems.push(
      `${file}: cannot be read (${(cause as Error).message}); check the path and its permissions`,
    );
  }
  return {};
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkNames(
  sections: readonly AnySection[],
  yaml: Readonly<Record<string, unknown>>,
  { env, file }: ConfigSources,
  problems: string[],
): void {
  const known = new Set(
    sections.flatMap((section) => fieldsOf(section).flatMap(([, field]) => envNamesOf(field))),
  );
  known.add(CONFIG_FILE_ENV);
  for (const name of Object.keys(env)) {
    if (name.startsWith(ENV_PREFIX) && !known.has(name)) {
      problems.push(
        `${name}: there is no such setting${suggest(name, known)}; see docs/config.md, or unset it`,
      );
    }
  }
  for (const [name, values] of Object.entries(yaml)) {
    const section = sections.find((candidate) => candidate.name === name);
    if (section) problems.push(...problemsOfKeys(section, values, file));
    else {
      const names = sections.map((candidate) => candidate.name);
      problems.push(`${file}: there is no section "${name}"${suggest(name, names)}; remove it`);
    }
  }
}

function problemsOfKeys(section: AnySection, values: unknown, file: string | undefined): string[] {
  if (values === null) return [];
  if (!isMapping(values)) return [`${file}: the section "${section.name}" must hold settings, one a line`];
  const known = Object.keys(section.fields);
  return Object.keys(values)
    .filter((key) => !known.includes(key))
    .map((key) => `${file}: there is no setting "${section.name}.${key}"${suggest(key, known)}; remove it`);
}

const envNamesOf = (field: Field<unknown>): string[] =>
  field.isSecret ? [field.env, field.env + FILE_SUFFIX] : [field.env];

function resolve(
  where: string,
  field: Field<unknown>,
  fromFile: unknown,
  env: ConfigSources['env'],
  problems: string[],
): unknown {
  const text = textFromEnv(field, env, problems);
  const source = text === undefined ? where : field.env;
  const raw = text === undefined ? (fromFile ?? field.default) : fromText(text, field.default);
  const result = field.schema.safeParse(raw);
  if (field.isSecret && raw === SECRET_MASK) {
    problems.push(`${source}: is the mask of a printed secret; put the secret there, or remove it`);
  } else if (result.success) return result.data;
  else problems.push(problemOf(source, field, text ?? raw, result.error.issues[0]?.message));
  return field.default;
}

function problemOf(source: string, field: Field<unknown>, value: unknown, message = 'is invalid'): string {
  if (field.isSecret) return `${source}: ${message}; ${field.doc}`;
  const remedy = `set for example ${JSON.stringify(field.default)}`;
  return `${source}: ${message} (it is ${JSON.stringify(value)}); ${remedy}. ${field.doc}`;
}

function textFromEnv(
  field: Field<unknown>,
  env: ConfigSources['env'],
  problems: string[],
): string | undefined {
  const path = field.isSecret ? env[field.env + FILE_SUFFIX] : undefined;
  if (path === undefined) return env[field.env];
  if (env[field.env] !== undefined) {
    problems.push(`${field.env} and ${field.env}${FILE_SUFFIX} are both set; unset one of them`);
  }
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    problems.push(
      `${field.env}${FILE_SUFFIX}: ${path} cannot be read (${(cause as Error).message}); check the path`,
    );
    return undefined;
  }
}

/** The environment knows only text; the default says what was meant. What does not fit is left for the schema to refuse. */
function fromText(text: string, example: unknown): unknown {
  if (typeof example === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (typeof example === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (Array.isArray(example)) return text === '' ? [] : text.split(',').map((item) => item.trim());
  return text;
}
