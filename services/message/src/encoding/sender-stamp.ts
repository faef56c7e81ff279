// The fields from_nick and from_face_url, encoded once for all messages that a sender sends while they stand.
import { create, toBinary } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';

/** Of somebody of whom nothing is known, or set. */
export const NO_STAMP = new Uint8Array(0);

export interface SenderName {
  readonly nick: string;
  readonly faceUrl: string;
}

export function encodeStamp({ nick, faceUrl }: SenderName): Uint8Array {
  if (nick === '' && faceUrl === '') return NO_STAMP;
  const fields = create(messagev1.MessageSchema, { fromNick: nick, fromFaceUrl: faceUrl });
  return toBinary(messagev1.MessageSchema, fields);
}
