// What a Hello must look like before anybody else sees it.
import { type AppId, ChatError, ErrorCode, isUserId, toAppId, type UserId } from '@parley/kernel';

/** A UserSig is a few hundred bytes; ours. */
export const USER_SIG_CHARS_MAX = 8 * 1024;
export const SDK_VERSION_CHARS_MAX = 64;
/** Welcome.resume_ticket. */
export const TICKET_BYTES_MAX = 1_024;
const INSTANCE_ID = /^[\x21-\x7e]{1,64}$/;

export interface HelloFields {
  readonly protocolVersion: number;
  readonly sdkAppId: number;
  readonly userId: string;
  readonly userSig: string;
  readonly sdkVersion: string;
  readonly instanceId: string;
  readonly resumeTicket: Uint8Array;
}

export type HelloVerdict =
  | { readonly kind: 'ok'; readonly appId: AppId; readonly userId: UserId }
  /** The client does not speak our protocol. */
  | { readonly kind: 'protocol-error'; readonly reason: string }
  /** The user typed something that can never log in. */
  | { readonly kind: 'refused'; readonly error: ChatError };

export function checkHello(hello: HelloFields, protocolVersion: number): HelloVerdict {
  if (hello.protocolVersion !== protocolVersion) {
    return protocolError(
      `protocol version ${hello.protocolVersion} is not spoken here; this gateway speaks ${protocolVersion}`,
    );
  }
  if (!INSTANCE_ID.test(hello.instanceId)) {
    return protocolError('instance_id has 1 to 64 characters of printable ASCII without spaces');
  }
  if (hello.sdkVersion.length > SDK_VERSION_CHARS_MAX) {
    return protocolError(`sdk_version has at most ${SDK_VERSION_CHARS_MAX} characters`);
  }
  if (hello.resumeTicket.length > TICKET_BYTES_MAX) {
    return protocolError(`resume_ticket has at most ${TICKET_BYTES_MAX} bytes`);
  }
  if (hello.userSig.length > USER_SIG_CHARS_MAX) {
    return refused(ErrorCode.USER_SIG_MALFORMED, `a UserSig has at most ${USER_SIG_CHARS_MAX} characters`);
  }
  if (!isUserId(hello.userId)) {
    return refused(ErrorCode.ACCOUNT_BAD_PARAMETER, 'a UserID has 1 to 32 bytes of printable ASCII');
  }
  if (hello.sdkAppId === 0) return refused(ErrorCode.APP_NOT_FOUND, 'SDKAppID is missing');
  return { kind: 'ok', appId: toAppId(hello.sdkAppId), userId: hello.userId };
}

const protocolError = (reason: string): HelloVerdict => ({ kind: 'protocol-error', reason });

const refused = (code: ErrorCode, info: string): HelloVerdict => ({
  kind: 'refused',
  error: new ChatError(code, info),
});
