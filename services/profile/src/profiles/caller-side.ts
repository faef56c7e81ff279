// On whose side of the rights a caller stands.
import { CallerRole } from '@parley/rpc';
import type { Side } from './domain/reading.js';

export function sideOf(role: CallerRole): Side {
  if (role === CallerRole.USER) return 'app';
  return role === CallerRole.ADMIN ? 'admin' : 'platform';
}
