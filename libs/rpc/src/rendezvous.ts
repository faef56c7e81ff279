// Rendezvous hashing: every caller that knows the same replicas prefers the
// same one for a key, and losing a replica moves only that replica's keys.

/** FNV-1a over UTF-16 code units, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A well mixed 32-bit score of a key on a replica (the finalizer of MurmurHash3, public domain). */
export function rendezvousScore(keyHash: number, replicaHash: number): number {
  let mixed = keyHash ^ Math.imul(replicaHash, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
