// The login policy as a property: whatever logs in, in whatever order, the rules of the app hold, the newest login stays,
// and nobody is sent away without need.
import { create } from '@bufbuild/protobuf';
import { authv1, contextv1 } from '@parley/proto';
import fc from 'fast-check';
import { decideLogin, decideResume, type Login } from './decide-login.js';

const { LoginPolicy } = authv1;
const { Platform } = contextv1;
const NATIVE = [
  Platform.ANDROID,
  Platform.IPHONE,
  Platform.IPAD,
  Platform.WINDOWS,
  Platform.MAC,
  Platform.LINUX,
];
const MOBILE: readonly number[] = [Platform.ANDROID, Platform.IPHONE, Platform.IPAD];
const POLICIES = [LoginPolicy.SINGLE, LoginPolicy.DUAL, LoginPolicy.TRIPLE, LoginPolicy.MULTI];

const settingsOf = fc
  .record({
    loginPolicy: fc.constantFrom(...POLICIES),
    webInstancesMax: fc.integer({ min: 0, max: 10 }),
    nativeDevicesMax: fc.integer({ min: 0, max: 3 }),
  })
  .map((settings) => create(authv1.AppSettingsSchema, settings));

const arrivals = fc.array(
  fc.record({
    platform: fc.constantFrom(Platform.WEB, ...NATIVE),
    instance: fc.integer({ min: 0, max: 12 }),
    gapMs: fc.integer({ min: 0, max: 2 }),
  }),
  { minLength: 1, maxLength: 40 },
);

/** Platforms that may be logged in beside one another, by the words of the border. */
function mayStandTogether(one: number, other: number, policy: authv1.LoginPolicy): boolean {
  if (one === other || policy === LoginPolicy.MULTI) return true;
  if (policy === LoginPolicy.SINGLE) return false;
  if (one === Platform.WEB || other === Platform.WEB) return true;
  return policy === LoginPolicy.TRIPLE && MOBILE.includes(one) !== MOBILE.includes(other);
}

const limitOf = (platform: number, settings: authv1.AppSettings): number =>
  Math.max(1, platform === Platform.WEB ? settings.webInstancesMax : settings.nativeDevicesMax);

const oldestFirst = (a: Login, b: Login): number =>
  a.sinceMs - b.sinceMs || (a.connectionId < b.connectionId ? -1 : 1);

describe('a row of logins', () => {
  it('leaves what the policy allows, the newest always, and ends the earliest for the newer', () => {
    fc.assert(
      fc.property(settingsOf, arrivals, (settings, coming) => {
        let live: Login[] = [];
        let sinceMs = 0;
        for (const [at, { platform, instance, gapMs }] of coming.entries()) {
          sinceMs += gapMs;
          const connectionId = `c${String(at).padStart(3, '0')}`;
          const login = { connectionId, platform, instanceId: `${platform}-${instance}`, sinceMs };
          const displaced = decideLogin(login, live, settings);
          const gone = new Set(displaced.map(({ session }) => session.connectionId));
          const before = live;
          live = [...live.filter((one) => !gone.has(one.connectionId)), login];

          for (const one of live) {
            expect(
              live.every((other) => mayStandTogether(one.platform, other.platform, settings.loginPolicy)),
            ).toBe(true);
            const alike = live.filter((other) => other.platform === one.platform);
            expect(alike.length).toBeLessThanOrEqual(limitOf(one.platform, settings));
          }
          expect(new Set(live.map((one) => one.instanceId)).size).toBe(live.length);
          expect(live).toContain(login);
          for (const { session, why } of displaced) {
            if (why === 'replaced') expect(session.instanceId).toBe(login.instanceId);
            if (why === 'other-device') {
              expect(mayStandTogether(session.platform, platform, settings.loginPolicy)).toBe(false);
            }
            if (why !== 'same-platform') continue;
            // The earliest go, and only as many as must.
            const kept = live.filter((one) => one.platform === platform && one !== login);
            expect(kept.every((one) => oldestFirst(session, one) < 0)).toBe(true);
            expect(live.filter((one) => one.platform === platform)).toHaveLength(limitOf(platform, settings));
          }
          expect(before.length - displaced.length + 1).toBe(live.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('comes to the same whoever of two at once is decided first', () => {
    fc.assert(
      fc.property(settingsOf, arrivals, (settings, coming) => {
        const logins = coming.map(({ platform }, at) => ({
          connectionId: `c${String(at).padStart(3, '0')}`,
          platform,
          instanceId: `i${at}`,
          sinceMs: 7,
        }));
        // All are registered; then each decides about all.
        const endOf = (order: readonly Login[]): string[] => {
          const ended = new Set<string>();
          for (const login of order) {
            for (const { session } of decideLogin(login, logins, settings)) ended.add(session.connectionId);
          }
          return [...ended].sort();
        };
        expect(endOf(logins)).toEqual(endOf([...logins].reverse()));
        const newest = logins.at(-1);
        expect(endOf(logins)).not.toContain(newest?.connectionId);
      }),
    );
  });
});

describe('a login that was away', () => {
  it('comes back where no newer login needs its place, and is refused by the same rule that would have ended it', () => {
    fc.assert(
      fc.property(settingsOf, arrivals, fc.nat(), (settings, coming, choice) => {
        const all = coming.map(({ platform }, at) => ({
          connectionId: `c${String(at).padStart(3, '0')}`,
          platform,
          instanceId: `i${at}`,
          sinceMs: at,
        }));
        const away = all[choice % all.length] as Login;
        const others = all.filter((one) => one !== away);
        const newer = others.filter((one) => one.sinceMs > away.sinceMs);
        const why = decideResume(away, others, settings);
        const ended = newer.some((one) =>
          decideLogin(one, all, settings).some(({ session }) => session === away),
        );
        expect(why !== undefined).toBe(ended);
        if (newer.length === 0) expect(why).toBeUndefined();
      }),
    );
  });
});
