// Custom fields of friends, as the setting declares them for each app.
import type { AppId } from '@parley/kernel';
import { z } from 'zod';
import { CUSTOM_FIELDS_MAX } from './domain/limits.js';

const declarations = z.record(
  z.string().regex(/^([1-9][0-9]{0,9}|[*])$/),
  z.array(z.string().regex(/^[A-Za-z]{1,8}$/)).max(CUSTOM_FIELDS_MAX),
);
const NONE: ReadonlySet<string> = new Set();

/** Reads the setting: the declared tags of an app. @throws Error naming the mistake. */
export function parseFriendFields(json: string): (appId: AppId) => ReadonlySet<string> {
  const byApp = new Map(
    Object.entries(declarations.parse(JSON.parse(json))).map(([app, keys]) => [
      app,
      new Set(keys.map((key) => `Tag_SNS_Custom_${key}`)),
    ]),
  );
  return (appId) => byApp.get(String(appId)) ?? byApp.get('*') ?? NONE;
}
