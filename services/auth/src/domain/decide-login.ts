// Which logins a new login ends. Facts: client-features, multi-device policy.
import { authv1, contextv1 } from '@parley/proto';

const { LoginPolicy } = authv1;
const { Platform } = contextv1;
type Platform = contextv1.Platform;

/** What the rules know of a session. */
export interface Login {
  readonly connectionId: string;
  readonly platform: Platform;
  /** Same over reconnects of one SDK instance. */
  readonly instanceId: string;
  readonly sinceMs: number;
}

/** Why a login ends: its own instance came back, another platform took the slot, or the platform has too many. */
export type Displacement = 'replaced' | 'other-device' | 'same-platform';

export interface Displaced<L extends Login> {
  readonly session: L;
  readonly why: Displacement;
}

type Slot = 'any' | 'native' | 'mobile' | 'desktop' | 'web' | Platform;

const MOBILE: ReadonlySet<Platform> = new Set([Platform.ANDROID, Platform.IPHONE, Platform.IPAD]);

function slotOf(platform: Platform, policy: authv1.LoginPolicy): Slot {
  if (policy === LoginPolicy.SINGLE) return 'any';
  if (policy === LoginPolicy.MULTI) return platform;
  if (platform === Platform.WEB) return 'web';
  if (policy === LoginPolicy.TRIPLE) return MOBILE.has(platform) ? 'mobile' : 'desktop';
  return 'native';
}

/** Bounds of the settings of an app. */
export const WEB_INSTANCES_MAX = 10;
export const NATIVE_DEVICES_MAX = 3;

function devicesMax(platform: Platform, settings: authv1.AppSettings): number {
  const [wanted, bound] =
    platform === Platform.WEB
      ? [settings.webInstancesMax, WEB_INSTANCES_MAX]
      : [settings.nativeDevicesMax, NATIVE_DEVICES_MAX];
  return Math.min(Math.max(wanted, 1), bound);
}

const isOlder = (session: Login, than: Login): boolean =>
  session.sinceMs < than.sinceMs ||
  (session.sinceMs === than.sinceMs && session.connectionId < than.connectionId);

/**
 * The sessions that end because `login` began. `others` are the user's sessions
 * of this moment. A session that is newer than `login` is never ended here: its own login
 * decides about this one, so two logins at once end in one order everywhere.
 */
export function decideLogin<L extends Login>(
  login: L,
  others: readonly L[],
  settings: authv1.AppSettings,
): Displaced<L>[] {
  const older = others.filter((other) => other.connectionId !== login.connectionId && isOlder(other, login));
  const replaced = older.filter((other) => other.instanceId === login.instanceId);
  const rivals = older.filter((other) => other.instanceId !== login.instanceId);
  const slot = slotOf(login.platform, settings.loginPolicy);
  const otherPlatform = rivals.filter(
    (other) => other.platform !== login.platform && slotOf(other.platform, settings.loginPolicy) === slot,
  );
  const samePlatform = rivals
    .filter((other) => other.platform === login.platform)
    .sort((a, b) => (isOlder(a, b) ? -1 : 1));
  const surplus = samePlatform.slice(
    0,
    Math.max(0, samePlatform.length + 1 - devicesMax(login.platform, settings)),
  );
  return [
    ...replaced.map((session) => ({ session, why: 'replaced' as const })),
    ...otherPlatform.map((session) => ({ session, why: 'other-device' as const })),
    ...surplus.map((session) => ({ session, why: 'same-platform' as const })),
  ];
}

/**
 * Why a login that was away cannot go on: the newer logins that came meanwhile, and are still there, leave no place for
 * it. Undefined: it can. What it displaces itself is decided by {@link decideLogin}, as for a new one.
 */
export function decideResume<L extends Login>(
  login: L,
  others: readonly L[],
  settings: authv1.AppSettings,
): Displacement | undefined {
  const rivals = others.filter((other) => other.instanceId !== login.instanceId);
  const everybody = [...rivals, login];
  for (const newer of rivals) {
    const ended = decideLogin(newer, everybody, settings).find(({ session }) => session === login);
    if (ended !== undefined) return ended.why;
  }
  return undefined;
}
