import type { contextv1 } from '@parley/proto';
import { decideTelling, type Noticed, type Seen, type ToldState } from './told-state.js';

const WEB = 1 as contextv1.Platform;
const NOW = 1_700_000_000_000;
const AWAY: Seen = { platforms: [], customText: '' };
const HERE: Seen = { platforms: [WEB], customText: '' };

const decide = (told: ToldState | undefined, seen: Seen, noticed: Noticed = {}, nowMs = NOW) =>
  decideTelling(told, seen, { noticed, nowMs });

function online(): ToldState {
  const told = decide(undefined, HERE, { came: WEB });
  if (told === undefined) throw new Error('a login is told');
  return { ...told, isOpen: false };
}

describe('what is told of a user', () => {
  it('is nothing where nothing differs, whatever was noticed', () => {
    expect(decide(undefined, AWAY, { came: WEB, lost: WEB })).toBeUndefined();
    expect(decide(online(), HERE, { came: WEB, lost: WEB, loggedOut: WEB })).toBeUndefined();
  });

  it('is a login, a logout or a broken connection', () => {
    expect(online()).toMatchObject({
      isOnline: true,
      isTurn: true,
      reason: 'login',
      platform: WEB,
      seq: NOW,
    });
    expect(decide(online(), AWAY, { lost: WEB })).toMatchObject({ isTurn: true, reason: 'disconnect' });
    expect(decide(online(), AWAY, { lost: WEB, loggedOut: WEB })).toMatchObject({ reason: 'logout' });
  });

  it('has a number that rises even where the clock goes back', () => {
    expect(decide(online(), AWAY, { lost: WEB }, NOW - 5_000)?.seq).toBe(NOW + 1);
    expect(decide(online(), AWAY, { lost: WEB }, NOW + 5_000)?.seq).toBe(NOW + 5_000);
  });

  it('is no turn where only devices or the custom status change', () => {
    const said = decide(online(), { ...HERE, customText: 'x' });
    expect(said).toMatchObject({ isTurn: false, isCustom: true, isOpen: true, reason: 'login' });
    const both = decide(online(), { ...HERE, platforms: [WEB, 3 as contextv1.Platform] }, { came: WEB });
    expect(both).toMatchObject({ isTurn: false, isCustom: false, isOpen: true });
  });

  it('is known again without an event where coordination forgot who was there', () => {
    expect(decide(undefined, HERE, { cameBack: WEB })).toMatchObject({ isTurn: false, isOpen: false });
    expect(decide(undefined, HERE, { cameBack: WEB, came: WEB })).toMatchObject({
      isTurn: true,
      isOpen: true,
    });
  });
});
