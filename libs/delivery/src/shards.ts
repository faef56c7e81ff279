// Spreads what is too much for one hash over several.

/** FNV-1a; the same for everybody, for ever. */
export function shardOf(text: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % shards;
}
