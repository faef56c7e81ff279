// UserSigs that must not open a door, each with its public code.
import { deflateSync } from 'node:zlib';
import { createUserSig } from '@parley/usersig';

const HOUR_S = 3600;

export interface SignatureMaker {
  readonly sdkAppId: number;
  readonly userId: string;
  readonly key: string;
}

const pack = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '*').replaceAll('/', '-').replaceAll('=', '_');

type Row = readonly [name: string, code: number, make: (maker: SignatureMaker) => string];

const good = (maker: SignatureMaker): string => createUserSig({ ...maker, expireSeconds: HOUR_S });
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

export const BAD_SIGNATURES: readonly Row[] = [
  ['an empty signature', 70002, () => ''],
  ['a wrong key', 70009, (maker) => createUserSig({ ...maker, key: 'f'.repeat(64), expireSeconds: HOUR_S })],
  [
    'an expired signature',
    70001,
    (maker) => createUserSig({ ...maker, expireSeconds: HOUR_S, nowSeconds: nowSeconds() - 2 * HOUR_S }),
  ],
  [
    'another app',
    70014,
    (maker) => createUserSig({ ...maker, sdkAppId: maker.sdkAppId + 1, expireSeconds: HOUR_S }),
  ],
  [
    'another user',
    70013,
    (maker) => createUserSig({ ...maker, userId: 'somebody-else', expireSeconds: HOUR_S }),
  ],
  ['a truncated signature', 70003, (maker) => good(maker).slice(0, 40)],
  ['a signature with a changed end', 70003, (maker) => `${good(maker).slice(0, -6)}AAAAAA`],
  ['no base64 at all', 70003, () => '!!!! not a signature !!!!'],
  ['base64 of nothing packed', 70003, () => pack(Buffer.from('hello'))],
  ['packed text that is no JSON', 70003, () => pack(deflateSync('hello'))],
  ['packed JSON without fields', 70003, () => pack(deflateSync('{}'))],
  ['packed JSON of another shape', 70003, () => pack(deflateSync('[1,2,3]'))],
  ['a zip bomb', 70003, () => pack(deflateSync(Buffer.alloc(2_000_000)))],
  ['3,000 characters of nonsense', 70003, () => 'A'.repeat(3_000)],
  [
    'a signature from tomorrow',
    70003,
    (maker) => createUserSig({ ...maker, expireSeconds: HOUR_S, nowSeconds: nowSeconds() + 86_400 }),
  ],
];
