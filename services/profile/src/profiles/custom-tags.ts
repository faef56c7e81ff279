// Custom fields of profiles, as the setting declares them for each app.
import type { AppId } from '@parley/kernel';
import { z } from 'zod';
import type { TagRule } from './domain/tags.js';

/** Source: client-features.md 12. */
const CUSTOM_FIELDS_MAX = 20;
const APPS_MAX = 1_000;
const ALL_OTHERS = '*';

const rights = z.array(z.enum(['App', 'Admin'])).max(2);
const declaration = z.strictObject({
  key: z.string().regex(/^[A-Za-z0-9]{1,8}$/),
  read: rights.default(['App', 'Admin']),
  write: rights.default(['App', 'Admin']),
});
const declarations = z.record(
  z.string().regex(/^([1-9][0-9]{0,9}|[*])$/),
  z.array(declaration).max(CUSTOM_FIELDS_MAX),
);

/** The custom fields of one app, by tag. */
export type CustomTags = ReadonlyMap<string, TagRule>;

/** Reads the setting. @throws Error naming the mistake. */
export function parseCustomTags(json: string): (appId: AppId) => CustomTags {
  const byApp = Object.entries(declarations.parse(JSON.parse(json)));
  if (byApp.length > APPS_MAX) throw new Error(`custom fields are declared for at most ${APPS_MAX} apps`);
  const tags = new Map(
    byApp.map(([app, fields]) => [
      app,
      new Map(fields.map(({ key, read, write }) => [`Tag_Profile_Custom_${key}`, toRule(read, write)])),
    ]),
  );
  const others = tags.get(ALL_OTHERS) ?? new Map<string, TagRule>();
  return (appId) => tags.get(String(appId)) ?? others;
}

type Right = 'App' | 'Admin';

const toRule = (read: readonly Right[], write: readonly Right[]): TagRule => ({
  type: 'any',
  bytesMax: 500,
  read: { app: read.includes('App'), admin: read.includes('Admin') },
  write: { app: write.includes('App'), admin: write.includes('Admin') },
});
