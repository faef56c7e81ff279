import { inflateSync } from 'node:zlib';
import { Api } from 'tls-sig-api-v2/TLSSigAPIv2.js';
import {
  createPrivateMapKey,
  createUserSig,
  decodeRoomTicket,
  encodeRoomTicket,
  parseUserSig,
  RoomPrivilege,
  verifyUserSig,
} from './index.js';

const APP = 1_400_000_001;
const KEY = '0123456789abcdef'.repeat(4);
const NOW = 1_700_000_000;
const library = new Api(APP, KEY);
const realNow = (): number => Math.floor(Date.now() / 1000);

const documentOf = (userSig: string): Record<string, unknown> => {
  const base64 = userSig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=');
  return JSON.parse(inflateSync(Buffer.from(base64, 'base64')).toString('utf8'));
};

describe('scheme 2 (HMAC)', () => {
  it('makes the signature of the test vector', () => {
    const userSig = createUserSig({
      sdkAppId: APP,
      userId: 'alice',
      key: KEY,
      expireSeconds: 604_800,
      nowSeconds: NOW,
    });
    expect(documentOf(userSig)).toEqual({
      'TLS.ver': '2.0',
      'TLS.identifier': 'alice',
      'TLS.sdkappid': APP,
      'TLS.time': NOW,
      'TLS.expire': 604_800,
      'TLS.sig': 'bPWGshsc+vFLPeFEPa+tRfoL27JpAK0RfFmL+h3xO0A=',
    });
    expect(userSig).toMatch(/^eJ[A-Za-z0-9*-]+_{0,2}$/);
  });

  it.each(['alice', 'a', 'user-with_32_characters-in-it-00', 'blank and ~ sign'])(
    'accepts what the public library made for %j',
    (userId) => {
      const verdict = verifyUserSig({
        text: library.genUserSig(userId, 86_400),
        sdkAppId: APP,
        userId,
        keys: [KEY],
        nowSeconds: realNow(),
      });
      expect(verdict).toMatchObject({ kind: 'valid' });
      if (verdict.kind !== 'valid') return;
      expect(verdict.expiresAtS - verdict.issuedAtS).toBe(86_400);
      expect(verdict.userbuf).toBeUndefined();
    },
  );

  it.each([undefined, new Uint8Array([0, 1, 2, 253, 254, 255])])(
    'signs what the public library signs (userbuf %p)',
    (userbuf) => {
      const userSig = createUserSig({
        sdkAppId: APP,
        userId: 'bob',
        key: KEY,
        expireSeconds: 60,
        nowSeconds: NOW,
        ...(userbuf === undefined ? undefined : { userbuf }),
      });
      const base64 = userbuf === undefined ? null : Buffer.from(userbuf).toString('base64');
      expect(documentOf(userSig)['TLS.sig']).toBe(library._hmacsha256('bob', NOW, 60, base64));
    },
  );

  it('packs as the public library packs', () => {
    // The library reads the clock itself: take the time from its ticket.
    const theirs = library.genUserSig('carol', 7_200);
    const nowSeconds = Number(documentOf(theirs)['TLS.time']);
    const ours = createUserSig({
      sdkAppId: APP,
      userId: 'carol',
      key: KEY,
      expireSeconds: 7_200,
      nowSeconds,
    });
    expect(documentOf(ours)).toEqual(documentOf(theirs));
  });

  it('carries a userbuf through', () => {
    const userbuf = Buffer.from('room permissions \u0000\u00ff', 'latin1');
    const text = library.genSig('dave', 60, userbuf);
    const verdict = verifyUserSig({
      text,
      sdkAppId: APP,
      userId: 'dave',
      keys: [KEY],
      nowSeconds: realNow(),
    });
    expect(verdict.kind === 'valid' && Buffer.from(verdict.userbuf ?? [])).toEqual(userbuf);
  });

  it('parses without judging', () => {
    const text = createUserSig({
      sdkAppId: APP,
      userId: 'erin',
      key: 'any',
      expireSeconds: 5,
      nowSeconds: NOW,
    });
    expect(parseUserSig(text)).toMatchObject({
      kind: 'hmac',
      userId: 'erin',
      sdkAppId: APP,
      issuedAtS: NOW,
      expiresAtS: NOW + 5,
    });
  });

  it.each([
    ['an empty user', { userId: '' }],
    ['a line feed in the user', { userId: 'a\nTLS.sdkappid:1' }],
    ['an app that is no SDKAppID', { sdkAppId: 0 }],
    ['half a second', { nowSeconds: 1.5 }],
    ['an endless validity', { expireSeconds: Number.POSITIVE_INFINITY }],
    ['an empty key', { key: '' }],
    ['an empty userbuf', { userbuf: new Uint8Array() }],
    ['a userbuf that servers would not read', { userbuf: new Uint8Array(3_000) }],
  ])('refuses to make one with %s', (_, change) => {
    const options = { sdkAppId: APP, userId: 'alice', key: KEY, expireSeconds: 60, nowSeconds: NOW };
    expect(() => createUserSig({ ...options, ...change })).toThrow(RangeError);
  });
});

describe('room tickets', () => {
  const roomOf = (text: string) => {
    const verdict = verifyUserSig({
      text,
      sdkAppId: APP,
      userId: 'alice',
      keys: [KEY],
      nowSeconds: realNow(),
    });
    if (verdict.kind !== 'valid' || verdict.userbuf === undefined) throw new Error('no valid ticket');
    return { ticket: decodeRoomTicket(verdict.userbuf), userbuf: Buffer.from(verdict.userbuf), verdict };
  };

  it.each([
    ['numeric', 4_000_000_000, () => library.genPrivateMapKey('alice', 300, 4_000_000_000, 255)],
    ['string', '1000000040', () => library.genPrivateMapKeyWithStringRoomID('alice', 300, '1000000040', 255)],
  ])('have the layout of the public library for a %s room', (_, room, make) => {
    const { ticket, userbuf, verdict } = roomOf(make());
    expect(ticket).toMatchObject({ userId: 'alice', sdkAppId: APP, room, privileges: RoomPrivilege.ALL });
    expect(Math.abs((ticket?.expiresAtS ?? 0) - verdict.expiresAtS)).toBeLessThanOrEqual(1);
    expect(Buffer.from(encodeRoomTicket(ticket ?? fail()))).toEqual(userbuf);
  });

  it('are made in one step', () => {
    const text = createPrivateMapKey({
      sdkAppId: APP,
      userId: 'alice',
      key: KEY,
      expireSeconds: 60,
      room: 'café',
      privileges: RoomPrivilege.JOIN | RoomPrivilege.RECEIVE_AUDIO,
    });
    const { ticket, verdict } = roomOf(text);
    expect(ticket).toEqual({
      userId: 'alice',
      sdkAppId: APP,
      room: 'café',
      privileges: 10,
      expiresAtS: verdict.expiresAtS,
    });
  });

  it('are nothing else: every other length or version is refused', () => {
    const bytes = encodeRoomTicket({ userId: 'al', sdkAppId: 1, room: 'r', expiresAtS: 2, privileges: 3 });
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeRoomTicket(bytes.subarray(0, length))).toBeUndefined();
    }
    expect(decodeRoomTicket(Buffer.concat([bytes, Buffer.alloc(1)]))).toBeUndefined();
    expect(decodeRoomTicket(Buffer.concat([Buffer.from([2]), bytes.subarray(1)]))).toBeUndefined();
  });
});

const fail = (): never => {
  throw new Error('the ticket cannot be decoded');
};
