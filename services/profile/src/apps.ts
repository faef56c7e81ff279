// Which apps have something switched on.
import type { AppId } from '@parley/kernel';

/** `text`: SDKAppIDs, joined by commas; * is all apps. */
export function parseApps(text: string): (appId: AppId) => boolean {
  const apps = new Set(text.split(','));
  return (appId) => apps.has('*') || apps.has(String(appId));
}
