// Certificates for development: an authority of one's own and one certificate that it signed.
// The certificate library's decorators need it.
import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const OWNER_ONLY = 0o600;

export interface DevCertificateFiles {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;

/** The same certificate serves and calls: every process of the platform is both. */
export async function writeDevCertificates(
  directory: string,
  names: readonly string[],
  days: number,
): Promise<DevCertificateFiles> {
  const validity = {
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + days * DAY_MS),
  };
  const authorityKeys = await newKeys();
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Parley development authority',
    keys: authorityKeys,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=Parley development process',
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    ...validity,
    extensions: [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value })),
      ),
    ],
  });
  return write(directory, authority.toString('pem'), certificate.toString('pem'), keys.privateKey);
}

const isAddress = (name: string): boolean => /^[\d.]+$|:/.test(name);

async function write(
  directory: string,
  authority: string,
  certificate: string,
  privateKey: webcrypto.CryptoKey,
): Promise<DevCertificateFiles> {
  const files = {
    ca: join(directory, 'ca.pem'),
    certificate: join(directory, 'process.pem'),
    key: join(directory, 'process-key.pem'),
  };
  const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(files.ca, `${authority}\n`);
  writeFileSync(files.certificate, `${certificate}\n`);
  writeFileSync(files.key, `${key}\n`, { mode: OWNER_ONLY });
  return files;
}
