// An authority of one test file, and certificates that it signs: just enough of X.509 (RFC 5280) for TLS.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

const HOUR_MS = 3_600_000;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

const TRUE = Buffer.from('0101ff', 'hex');
const ECDSA_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const BASIC_CONSTRAINTS = '551d13';
const ALTERNATIVE_NAMES = '551d11';

/** One element of DER. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  return Buffer.concat([Buffer.from([tag, 0x82, content.length >> 8, content.length & 0xff]), content]);
}

const objectId = (hex: string): Buffer => der(OBJECT_ID, Buffer.from(hex, 'hex'));
const ALGORITHM = der(SEQUENCE, objectId(ECDSA_SHA256));

const nameOf = (name: string): Buffer =>
  der(SEQUENCE, der(SET, der(SEQUENCE, objectId(COMMON_NAME), der(UTF8_STRING, Buffer.from(name)))));

/** YYMMDDhhmmssZ. */
const timeOf = (ms: number): Buffer =>
  der(UTC_TIME, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));

interface CertificateParts {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  readonly extension: Buffer;
}

function certify({ subject, publicKey, issuer, issuerKey, extension }: CertificateParts): string {
  const now = Date.now();
  const signed = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([1]), randomBytes(8)),
    ALGORITHM,
    nameOf(issuer),
    der(SEQUENCE, timeOf(now - HOUR_MS), timeOf(now + HOUR_MS)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(EXTENSIONS, der(SEQUENCE, extension)),
  );
  const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', signed, issuerKey));
  const base64 = der(SEQUENCE, signed, ALGORITHM, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

export class TestAuthority {
  readonly #name = `Test authority ${randomBytes(4).toString('hex')}`;
  readonly #keys = newKeys();

  get ca(): string {
    const { publicKey, privateKey } = this.#keys;
    const isAuthority = der(OCTET_STRING, der(SEQUENCE, TRUE));
    const extension = der(SEQUENCE, objectId(BASIC_CONSTRAINTS), TRUE, isAuthority);
    return certify({ subject: this.#name, publicKey, issuer: this.#name, issuerKey: privateKey, extension });
  }

  /** For whoever is at this IPv4 address or has this name. */
  sign(host: string): { readonly cert: string; readonly key: string } {
    const { publicKey, privateKey } = newKeys();
    const address = isIPv4(host)
      ? der(IP_ADDRESS, Buffer.from(host.split('.').map(Number)))
      : der(DNS_NAME, Buffer.from(host));
    const extension = der(SEQUENCE, objectId(ALTERNATIVE_NAMES), der(OCTET_STRING, der(SEQUENCE, address)));
    const issuerKey = this.#keys.privateKey;
    const cert = certify({ subject: 'Test', publicKey, issuer: this.#name, issuerKey, extension });
    return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
  }
}
