// Names sets of nodes, so that partitions of the same nodes are recognised.
import type { Client, Host } from 'cassandra-driver';

export class ReplicaNames {
  /** The driver answers the same array for a range of tokens as long as the ring is the same. */
  readonly #names = new WeakMap<readonly Host[], string>();
  readonly #client: Client;
  readonly #keyspace: string;

  constructor(client: Client, keyspace: string) {
    this.#client = client;
    this.#keyspace = keyspace;
  }

  /** Equal for partitions that the same nodes hold; undefined while the nodes are not known. */
  of(routingKey: Buffer): string | undefined {
    const hosts = this.#client.getReplicas(this.#keyspace, routingKey) as readonly Host[] | null | undefined;
    if (!hosts) return undefined;
    let name = this.#names.get(hosts);
    if (name === undefined) {
      name = hosts
        .map(({ address }) => address)
        .sort()
        .join(' ');
      this.#names.set(hosts, name);
    }
    return name;
  }
}

/** The key of a partition as Cassandra hashes it: texts and bigints, framed when there are several. */
export function encodeRoutingKey(values: readonly (string | bigint)[]): Buffer {
  const parts = values.map(toBytes);
  const [sole] = parts;
  if (parts.length === 1 && sole) return sole;
  const framed = Buffer.alloc(parts.reduce((sum, { length }) => sum + length + 3, 0));
  let at = 0;
  for (const part of parts) {
    at = framed.writeUInt16BE(part.length, at);
    // Each part ends with a zero.
    at += part.copy(framed, at) + 1;
  }
  return framed;
}

function toBytes(value: string | bigint): Buffer {
  if (typeof value === 'string') return Buffer.from(value);
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}
