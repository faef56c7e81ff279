import { encodeOfflinePush } from './offline-push.js';

const decode = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

describe('encodeOfflinePush', () => {
  it('is empty without options', () => {
    expect(encodeOfflinePush(undefined).length).toBe(0);
  });

  it('has the names of the borders', () => {
    const bytes = encodeOfflinePush({
      disablePush: true,
      title: 't',
      description: 'd',
      extension: 'e',
      androidInfo: { sound: 's', FCMChannelID: 'f', VIVOClassification: '1', unknown: 1 },
      apnsInfo: { sound: 'a', ignoreIOSBadge: true },
    });
    expect(decode(bytes)).toEqual({
      PushFlag: 1,
      Title: 't',
      Desc: 'd',
      Ext: 'e',
      AndroidInfo: { Sound: 's', GoogleChannelID: 'f', VIVOClassification: 1 },
      ApnsInfo: { Sound: 'a', BadgeMode: 1 },
    });
  });

  it('leaves out what was not given', () => {
    expect(decode(encodeOfflinePush({ title: 't' }))).toEqual({ PushFlag: 0, Title: 't' });
  });
});
