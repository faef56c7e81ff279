import { create } from '@bufbuild/protobuf';
import type { AppId } from '@parley/kernel';
import { authv1 } from '@parley/proto';
import { type AppKey, decideRotation, liveSecrets } from './app.js';

const NOW = 1_000_000;
const key = (keyId: string, createdAtMs: number, expiresAtMs: number): AppKey => ({
  keyId,
  secret: `secret ${keyId}`,
  createdAtMs,
  expiresAtMs,
});
const endless = key('endless', 1, 0);
const ending = key('ending', 2, NOW + 500);
const ended = key('ended', 3, NOW);
const keys = [endless, ending, ended];

describe('liveSecrets', () => {
  it('leaves out what has ended, the newest first', () => {
    const settings = create(authv1.AppSettingsSchema);
    const app = { appId: 1 as AppId, name: '', admins: [], settings, createdAtMs: 0, keys };
    expect(liveSecrets(app, NOW)).toEqual(['secret ending', 'secret endless']);
    expect(liveSecrets(app, NOW + 500)).toEqual(['secret endless']);
  });
});

describe('decideRotation', () => {
  it('ends live keys after the overlap, none later than before, and removes what has ended', () => {
    expect(decideRotation(keys, NOW, NOW + 1_000)).toEqual({
      changed: [{ ...endless, expiresAtMs: NOW + 1_000 }],
      removed: [ended],
      liveAfter: 2,
    });
  });

  it('ends all of them now without an overlap', () => {
    const { changed, liveAfter } = decideRotation(keys, NOW, NOW);
    expect(changed.map((one) => [one.keyId, one.expiresAtMs])).toEqual([
      ['endless', NOW],
      ['ending', NOW],
    ]);
    expect(liveAfter).toBe(0);
  });
});
