// Numbers of recalled messages as a column: 8 bytes each.
const ENTRY_BYTES = 8;
const NOTHING = new Uint8Array(0);

export function encodeRecalled(entries: readonly bigint[]): Uint8Array {
  if (entries.length === 0) return NOTHING;
  const bytes = Buffer.allocUnsafe(entries.length * ENTRY_BYTES);
  for (const [index, entry] of entries.entries()) bytes.writeBigUInt64BE(entry, index * ENTRY_BYTES);
  return bytes;
}

export function decodeRecalled(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: bigint[] = [];
  for (let at = 0; at < bytes.byteLength; at += ENTRY_BYTES) entries.push(view.getBigUint64(at));
  return entries;
}
