// What a UserSig claims, before anybody believes it.

interface Claims {
  readonly userId: string;
  readonly sdkAppId: number;
  /** TLS.time, seconds since the UNIX epoch. */
  readonly issuedAtS: number;
  /** issuedAtS plus the validity that was asked for; may lie before it. */
  readonly expiresAtS: number;
  readonly userbuf?: Uint8Array;
  /** The text that the signature covers, rebuilt from the fields. */
  readonly signedText: string;
  readonly signature: Uint8Array;
}

/** Scheme 2, `TLS.ver` "2.0". */
export interface ParsedHmacUserSig extends Claims {
  readonly kind: 'hmac';
}

/** Scheme 1, with `TLS.version` and a key pair. */
export interface ParsedEcdsaUserSig extends Claims {
  readonly kind: 'ecdsa';
}

export type ParsedUserSig = ParsedHmacUserSig | ParsedEcdsaUserSig;

/** Public numbers of the failures of a UserSig. */
export const UserSigFailureCode = {
  /** Its validity ended. */
  EXPIRED: 70001,
  /** The text is empty. */
  EMPTY: 70002,
  /** It cannot be parsed, or its time lies in the future. */
  MALFORMED: 70003,
  /** No live key of the app made this signature. */
  WRONG_KEY: 70009,
  /** It was made for another UserID. */
  OTHER_USER: 70013,
  /** It was made for another SDKAppID. */
  OTHER_APP: 70014,
  /** The app has no key of the scheme that it uses. */
  KEY_MISSING: 70016,
} as const;

export type UserSigFailureCode = (typeof UserSigFailureCode)[keyof typeof UserSigFailureCode];

/** Why a UserSig is refused. `info` may be sent to the caller. */
export interface InvalidUserSig<Code extends UserSigFailureCode = UserSigFailureCode> {
  readonly kind: 'invalid';
  readonly code: Code;
  readonly info: string;
}

export const invalid = <Code extends UserSigFailureCode>(code: Code, info: string): InvalidUserSig<Code> => ({
  kind: 'invalid',
  code,
  info,
});
