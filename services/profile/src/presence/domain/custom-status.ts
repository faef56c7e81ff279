// What a user says of itself, as coordination holds it.
import { ChatError, type ConnectionId, ErrorCode } from '@parley/kernel';

/** UTF-8; client-features.md 4.3. */
export const CUSTOM_STATUS_BYTES_MAX = 50;

export interface CustomStatus {
  /** Empty: taken back. */
  readonly text: string;
  /** The connection that set it knows it already. */
  readonly setBy: ConnectionId | undefined;
}

/** @throws ChatError 70402 for a text that is too long. */
export function checkCustomStatus(text: string): void {
  if (Buffer.byteLength(text) <= CUSTOM_STATUS_BYTES_MAX) return;
  const info = `a custom status has at most ${CUSTOM_STATUS_BYTES_MAX} bytes`;
  throw new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, info);
}

/** `stamp` makes two settings of one text two values. */
export const encodeCustomStatus = ({ text, setBy }: CustomStatus, stamp: string): string =>
  JSON.stringify([text, setBy ?? '', stamp]);

export function decodeCustomStatus(value: string | undefined): CustomStatus | undefined {
  if (value === undefined || value === '') return undefined;
  const [text, setBy] = JSON.parse(value) as [string, string];
  return { text, setBy: setBy === '' ? undefined : (setBy as ConnectionId) };
}
