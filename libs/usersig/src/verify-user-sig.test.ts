import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { createUserSig, parseUserSig, verifyUserSig } from './index.js';

const APP = 1_400_000_001;
const KEY = '0123456789abcdef'.repeat(4);
const NOW = 1_700_000_000;
const make = { sdkAppId: APP, userId: 'alice', key: KEY, expireSeconds: 600, nowSeconds: NOW };
const good = createUserSig(make);
const check = { sdkAppId: APP, userId: 'alice', keys: [KEY], nowSeconds: NOW };

const encodeText = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '*').replaceAll('/', '-').replaceAll('=', '_');
const packText = (text: string): string => encodeText(deflateSync(Buffer.from(text)));
const packJson = (value: unknown): string => packText(JSON.stringify(value));

const hmacDocument = {
  'TLS.ver': '2.0',
  'TLS.identifier': 'alice',
  'TLS.sdkappid': APP,
  'TLS.time': NOW,
  'TLS.expire': 600,
  'TLS.sig': 'bPWGshsc+vFLPeFEPa+tRfoL27JpAK0RfFmL+h3xO0A=',
};
const ecdsaDocument = {
  'TLS.account_type': '0',
  'TLS.identifier': 'alice',
  'TLS.appid_at_3rd': '0',
  'TLS.sdk_appid': String(APP),
  'TLS.expire_after': '600',
  'TLS.version': '201610110000',
  'TLS.time': String(NOW),
  'TLS.sig': 'MAYCAQECAQE=',
};
const without = (document: Record<string, unknown>, name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(document).filter(([key]) => key !== name));

const malformed: [string, string][] = [
  ['one character', 'e'],
  ['blanks', '    '],
  ['foreign characters', 'eJw!'.repeat(8)],
  ['the plain base64 alphabet', `${good.slice(0, -4)}+/==`],
  ['a byte that is no ASCII', `${good.slice(0, -4)}\u00e9abc`],
  ['a line feed at the end', `${good}\n`],
  ['padding in the middle', `${good.slice(0, 8)}__${good.slice(10)}`],
  ['a ticket cut by one character', good.slice(0, -1)],
  ['a ticket cut to half', good.slice(0, Math.floor(good.length / 8) * 4)],
  ['a ticket cut to its first four characters', good.slice(0, 4)],
  ['two tickets in a row', encodeText(Buffer.concat([deflateSync('{}'), deflateSync('{}')]))],
  [
    'junk behind the ticket',
    encodeText(Buffer.concat([deflateSync(JSON.stringify(hmacDocument)), Buffer.alloc(3)])),
  ],
  ['bytes that are not compressed', encodeText(Buffer.from(JSON.stringify(hmacDocument)))],
  ['raw deflate', encodeText(deflateRawSync(JSON.stringify(hmacDocument)))],
  ['gzip', encodeText(gzipSync(JSON.stringify(hmacDocument)))],
  ['a text longer than 4 KiB', 'A'.repeat(4_100)],
  ['a huge text', 'A'.repeat(4 * 1024 * 1024)],
  ['a zip bomb', encodeText(deflateSync(Buffer.alloc(2 * 1024 * 1024, 0x20), { level: 9 }))],
  ['one byte more than may come out', packText(`{"a":"${'x'.repeat(4_096 - 7)}"}`)],
  ['no JSON', packText('TLS.ver:2.0')],
  ['an empty document', packText('')],
  ['JSON null', packText('null')],
  ['a JSON array', packJson([hmacDocument])],
  ['a JSON string', packJson('2.0')],
  ['an empty object', packJson({})],
  ['deeply nested JSON', packText('['.repeat(2_000) + ']'.repeat(2_000))],
  ['neither version', packJson(without(hmacDocument, 'TLS.ver'))],
  ['an unknown version', packJson({ ...hmacDocument, 'TLS.ver': '3.0' })],
  ['a version that is a number', packJson({ ...hmacDocument, 'TLS.ver': 2 })],
  ['an unknown version of scheme 1', packJson({ ...ecdsaDocument, 'TLS.version': '1' })],
  ...Object.keys(hmacDocument).map((name): [string, string] => [
    `no ${name} (scheme 2)`,
    packJson(without(hmacDocument, name)),
  ]),
  ...Object.keys(ecdsaDocument).map((name): [string, string] => [
    `no ${name} (scheme 1)`,
    packJson(without(ecdsaDocument, name)),
  ]),
  ...Object.entries({
    'TLS.identifier': [7, null, '', 'a\nb', 'x'.repeat(257), ['alice'], { toString: 'alice' }],
    'TLS.sdkappid': [String(APP), 0, -1, 1.5, 2 ** 32, null, [APP]],
    'TLS.time': [String(NOW), -1, 1e300, 0.5, true],
    'TLS.expire': ['600', 0.5, null, [600]],
    'TLS.sig': [1, null, '', 'short', 'AAAA', `${'A'.repeat(43)}*`, `${hmacDocument['TLS.sig']}\n`],
    'TLS.userbuf': [1, null, '', 'a', 'a*==', ['YQ==']],
  }).flatMap(([name, values]) =>
    values.map((value): [string, string] => [
      `${name} = ${JSON.stringify(value)?.slice(0, 40)}`,
      packJson({ ...hmacDocument, [name]: value }),
    ]),
  ),
  ...Object.entries({
    'TLS.appid_at_3rd': ['', '0\nTLS.account_type:0', 0],
    'TLS.account_type': ['', 'a', '12345678901'],
    'TLS.sdk_appid': [APP, '0', `0${APP}`, '4294967296', `${APP}\n`],
    'TLS.time': [NOW, '-1', '1e9', ' 5'],
    'TLS.expire_after': [600, '+600', '0600', ''],
    'TLS.sig': [null, '', 'not base64', 'A'.repeat(400)],
    'TLS.userbuf': ['', 'a', 5],
  }).flatMap(([name, values]) =>
    values.map((value): [string, string] => [
      `scheme 1, ${name} = ${JSON.stringify(value).slice(0, 40)}`,
      packJson({ ...ecdsaDocument, [name]: value }),
    ]),
  ),
];

describe('malformed UserSigs', () => {
  it('are told from an empty one', () => {
    expect(verifyUserSig({ ...check, text: '' })).toMatchObject({ kind: 'invalid', code: 70002 });
  });

  it.each(malformed)('%s', (_, text) => {
    expect(verifyUserSig({ ...check, text })).toMatchObject({ kind: 'invalid', code: 70003 });
  });

  it.each([undefined, null, 7, {}, []])('a value that is no text: %p', (value) => {
    expect(parseUserSig(value as unknown as string)).toMatchObject({ kind: 'invalid', code: 70003 });
  });

  it('never throw and never verify: any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
        expect(verifyUserSig({ ...check, text }).kind).toBe('invalid');
      }),
    );
  });

  it('never throw and never verify: any JSON inside', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(verifyUserSig({ ...check, text: packText(json) }).kind).toBe('invalid');
      }),
    );
  });

  it('never throw: one byte of a good one changed', () => {
    const bytes = fc.integer({ min: 0, max: good.length - 1 });
    fc.assert(
      fc.property(bytes, fc.base64String({ minLength: 4 }), (at, noise) => {
        const text = good.slice(0, at) + noise.charAt(0) + good.slice(at + 1);
        const verdict = verifyUserSig({ ...check, text });
        expect(verdict.kind === 'valid').toBe(text === good);
      }),
      { numRuns: 300 },
    );
  });

  it('take no time and no memory, however well they compress', () => {
    const bomb = encodeText(deflateSync(Buffer.alloc(3_000_000), { level: 9 }));
    expect(bomb.length).toBeLessThanOrEqual(4_096);
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 200; round++) verifyUserSig({ ...check, text: bomb });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('a UserSig that can be parsed', () => {
  it('is valid for its user, app, key and time', () => {
    expect(verifyUserSig({ ...check, text: good })).toEqual({
      kind: 'valid',
      issuedAtS: NOW,
      expiresAtS: NOW + 600,
      keyAt: 0,
    });
  });

  it.each<[string, number, Partial<typeof check>]>([
    ['another user', 70013, { userId: 'bob' }],
    ['another case of the user', 70013, { userId: 'Alice' }],
    ['another app', 70014, { sdkAppId: APP + 1 }],
    ['an app without keys', 70016, { keys: [] }],
    ['an app with an empty key', 70016, { keys: [''] }],
    ['another key', 70009, { keys: ['f'.repeat(64)] }],
    ['the key as bytes of its hex', 70009, { keys: [Buffer.from(KEY, 'hex').toString('latin1')] }],
    ['a time after its end', 70001, { nowSeconds: NOW + 601 }],
    ['the very second of its end', 70001, { nowSeconds: NOW + 600 }],
    ['a time long before it was made', 70003, { nowSeconds: NOW - 301 }],
  ])('is refused for %s (%i)', (_, code, change) => {
    expect(verifyUserSig({ ...check, ...change, text: good })).toMatchObject({ kind: 'invalid', code });
  });

  it('names the user before the app, the app before the key, the key before the time', () => {
    const late = { ...check, text: good, nowSeconds: NOW + 601 };
    expect(verifyUserSig({ ...late, userId: 'bob', sdkAppId: 1, keys: [] })).toMatchObject({ code: 70013 });
    expect(verifyUserSig({ ...late, sdkAppId: 1, keys: [] })).toMatchObject({ code: 70014 });
    expect(verifyUserSig({ ...late, keys: ['other'] })).toMatchObject({ code: 70009 });
  });

  it('may come from a clock that runs ahead, within the tolerance', () => {
    expect(verifyUserSig({ ...check, text: good, nowSeconds: NOW - 300 }).kind).toBe('valid');
    const strict = { ...check, text: good, clockSkewSeconds: 10 };
    expect(verifyUserSig({ ...strict, nowSeconds: NOW - 10 }).kind).toBe('valid');
    expect(verifyUserSig({ ...strict, nowSeconds: NOW - 11 })).toMatchObject({ code: 70003 });
  });

  it('may be signed by any of the live keys, of which eight are tried', () => {
    const seven = Array.from({ length: 7 }, (_, at) => `old-${at}`);
    expect(verifyUserSig({ ...check, text: good, keys: [...seven, KEY] }).kind).toBe('valid');
    expect(verifyUserSig({ ...check, text: good, keys: [...seven, 'old-7', KEY] })).toMatchObject({
      code: 70009,
    });
  });

  it('expires when it never was valid', () => {
    for (const expireSeconds of [0, -600]) {
      expect(verifyUserSig({ ...check, text: createUserSig({ ...make, expireSeconds }) })).toMatchObject({
        code: 70001,
      });
    }
  });

  it('does not depend on the order, the blanks or unknown fields of its JSON', () => {
    const parsed = parseUserSig(good);
    if (parsed.kind === 'invalid') throw new Error(parsed.info);
    const signed = { ...hmacDocument, 'TLS.sig': Buffer.from(parsed.signature).toString('base64') };
    const reordered = Object.fromEntries([...Object.entries(signed), ['later', { version: 1 }]].reverse());
    expect(verifyUserSig({ ...check, text: packText(JSON.stringify(reordered, null, 3)) }).kind).toBe(
      'valid',
    );
  });

  it('is refused when a signed field was changed', () => {
    const parsed = parseUserSig(createUserSig({ ...make, userbuf: Buffer.from('room 1') }));
    if (parsed.kind === 'invalid') throw new Error(parsed.info);
    const signed = {
      ...hmacDocument,
      'TLS.userbuf': Buffer.from('room 1').toString('base64'),
      'TLS.sig': Buffer.from(parsed.signature).toString('base64'),
    };
    expect(verifyUserSig({ ...check, text: packJson(signed) }).kind).toBe('valid');
    const changes = [
      { 'TLS.time': NOW + 1 },
      { 'TLS.expire': 601 },
      { 'TLS.userbuf': Buffer.from('room 2').toString('base64') },
    ];
    for (const change of changes) {
      expect(verifyUserSig({ ...check, text: packJson({ ...signed, ...change }) })).toMatchObject({
        code: 70009,
      });
    }
    expect(verifyUserSig({ ...check, text: packJson(without(signed, 'TLS.userbuf')) })).toMatchObject({
      code: 70009,
    });
  });
});
