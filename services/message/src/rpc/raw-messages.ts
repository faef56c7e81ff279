// Stored messages go into responses as the bytes they are. protobuf-es writes fields that it
// does not know after those that it knows, and proto3 lets fields stand in any order, so a
// message field can be given as an "unknown" one: decoded by whoever receives it, never here.
import type { Message } from '@bufbuild/protobuf';
import { varintBytes, WIRE_BYTES, writeVarint } from '@parley/wire';

/** Adds the encoded messages as the values of the message field `fieldNumber`, in their order. */
export function withRawMessages<T extends Message>(
  response: T,
  fieldNumber: number,
  encoded: readonly Uint8Array[],
): T {
  response.$unknown = encoded.map((bytes) => {
    const data = new Uint8Array(varintBytes(bytes.length) + bytes.length);
    data.set(bytes, writeVarint(data, 0, bytes.length));
    return { no: fieldNumber, wireType: WIRE_BYTES, data };
  });
  return response;
}
