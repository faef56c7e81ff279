import { generateKeyPairSync } from 'node:crypto';
import { Sig } from 'tls-sig-api';
import { createEcdsaUserSig, createUserSig, verifyUserSig } from './index.js';

const APP = 1_400_001_052;
const pemPair = (namedCurve: string) =>
  generateKeyPairSync('ec', {
    namedCurve,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const { publicKey, privateKey } = pemPair('secp256k1');
const library = new Sig({
  sdk_appid: APP,
  expire_after: 3_600,
  private_key_string: privateKey,
  public_key_string: publicKey,
});
const nowSeconds = Math.floor(Date.now() / 1000);
const verify = (text: string, keys: readonly string[] = [publicKey], userId = 'xiaojun') =>
  verifyUserSig({ text, sdkAppId: APP, userId, keys, nowSeconds });
const make = { sdkAppId: APP, userId: 'xiaojun', key: privateKey, expireSeconds: 3_600, nowSeconds };

describe('scheme 1 (ECDSA)', () => {
  it('accepts what the public library made', () => {
    const verdict = verify(library.genSig('xiaojun'));
    expect(verdict).toMatchObject({ kind: 'valid' });
    expect(verdict.kind === 'valid' && verdict.expiresAtS - verdict.issuedAtS).toBe(3_600);
  });

  it('accepts what the public library made with a userbuf', () => {
    const verdict = verify(library.genSigWithUserbuf('xiaojun', 'room 7'));
    expect(verdict.kind === 'valid' && Buffer.from(verdict.userbuf ?? []).toString()).toBe('room 7');
  });

  it('makes what the public library accepts', () => {
    expect(library.verifySig(createEcdsaUserSig(make), 'xiaojun')).toBe(true);
    const withUserbuf = createEcdsaUserSig({ ...make, userbuf: Buffer.from('room 7') });
    expect(library.verifySigWithUserbuf(withUserbuf, 'xiaojun')).toBe('room 7');
  });

  it('accepts other curves', () => {
    const other = pemPair('prime256v1');
    const text = createEcdsaUserSig({ ...make, key: other.privateKey });
    expect(verify(text, [other.publicKey])).toMatchObject({ kind: 'valid' });
  });

  it('tries every live key, whatever its scheme', () => {
    const old = pemPair('secp256k1');
    expect(verify(createEcdsaUserSig(make), ['secret', old.publicKey, publicKey]).kind).toBe('valid');
  });

  it('tells a wrong key from a missing one', () => {
    const text = createEcdsaUserSig(make);
    expect(verify(text, [pemPair('secp256k1').publicKey])).toMatchObject({ kind: 'invalid', code: 70009 });
    expect(verify(text, ['0123456789abcdef'])).toMatchObject({ kind: 'invalid', code: 70016 });
    expect(verify(text, [])).toMatchObject({ kind: 'invalid', code: 70016 });
    expect(verify(text, ['-----BEGIN PUBLIC KEY-----\nbroken'])).toMatchObject({ code: 70016 });
  });

  it('does not take an RSA or a private key for an EC public key', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ec = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const text = createEcdsaUserSig(make);
    const check = (key: typeof rsa.publicKey) =>
      verifyUserSig({ text, sdkAppId: APP, userId: 'xiaojun', keys: [key], nowSeconds });
    expect(check(rsa.publicKey)).toMatchObject({ code: 70016 });
    expect(check(ec.privateKey)).toMatchObject({ code: 70016 });
    expect(check(ec.publicKey)).toMatchObject({ code: 70009 });
  });

  it('never uses a public key as the secret of the other scheme', () => {
    const forged = createUserSig({ ...make, key: publicKey });
    expect(verify(forged)).toMatchObject({ kind: 'invalid', code: 70016 });
    expect(verify(createUserSig({ ...make, key: `\n${publicKey}` }), [`\n${publicKey}`])).toMatchObject({
      code: 70016,
    });
  });

  it('refuses another user, another app and an ended validity', () => {
    const text = createEcdsaUserSig(make);
    expect(verify(text, [publicKey], 'mallory')).toMatchObject({ code: 70013 });
    expect(
      verifyUserSig({ text, sdkAppId: 1, userId: 'xiaojun', keys: [publicKey], nowSeconds }),
    ).toMatchObject({ code: 70014 });
    expect(verify(createEcdsaUserSig({ ...make, expireSeconds: 0 }))).toMatchObject({ code: 70001 });
  });
});
