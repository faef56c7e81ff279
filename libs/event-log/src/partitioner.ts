// Which partition a key belongs to. Kafka's default partitioner, so that both engines agree:
// murmur2 of the key's UTF-8 bytes, made positive, modulo the number of partitions.
import { RECORD_KEY_BYTES_MAX } from './limits.js';

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

/** The 32-bit murmur2 hash as Kafka seeds it; signed. `length` bytes from the start. */
export function murmur2(bytes: Uint8Array, length: number = bytes.length): number {
  let hash = SEED ^ length;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const word =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    const mixed = Math.imul(word, MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(mixed ^ (mixed >>> 24), MULTIPLIER);
  }
  const rest = length - whole;
  if (rest === 3) hash ^= (bytes[whole + 2] as number) << 16;
  if (rest >= 2) hash ^= (bytes[whole + 1] as number) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ (bytes[whole] as number), MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

const scratch = Buffer.allocUnsafe(RECORD_KEY_BYTES_MAX + 4);

/** The partition of a key among `partitions`; the same in every process and for ever. */
export function partitionOfKey(key: string, partitions: number): number {
  // Keys are short; a longer one than fits is still hashed whole.
  const fits = key.length * 3 <= scratch.length;
  const hash = fits ? murmur2(scratch, scratch.write(key, 0, 'utf8')) : murmur2(Buffer.from(key, 'utf8'));
  return (hash & 0x7fffffff) % partitions;
}
