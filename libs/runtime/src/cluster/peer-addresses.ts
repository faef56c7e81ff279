// Where the replicas of a service are, as the settings say it.
import { lookup } from 'node:dns/promises';

/** One setting: an address, or a name that stands for all of its addresses. */
export interface PeerSource {
  readonly isName: boolean;
  readonly host: string;
  readonly port: number;
}

const NAME_PREFIX = 'dns:';

/** `service=host:port` entries by service. The form was checked with the settings. */
export function parsePeers(entries: readonly string[]): Map<string, PeerSource[]> {
  const peers = new Map<string, PeerSource[]>();
  for (const entry of entries) {
    const [service = '', target = ''] = entry.split('=', 2);
    const isName = target.startsWith(NAME_PREFIX);
    const address = isName ? target.slice(NAME_PREFIX.length) : target;
    const colon = address.lastIndexOf(':');
    const source = { isName, host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
    peers.set(service, [...(peers.get(service) ?? []), source]);
  }
  return peers;
}

/** The addresses (`host:port`) of this moment, sorted and each once. A name that is unknown for the moment has none. */
export async function resolveAddresses(
  sources: readonly PeerSource[],
  resolve: (name: string) => Promise<string[]> = addressesOf,
): Promise<string[]> {
  const found = await Promise.all(
    sources.map(async ({ isName, host, port }) => {
      const hosts = isName ? await resolve(host) : [host];
      return hosts.map((one) => (one.includes(':') && isName ? `[${one}]:${port}` : `${one}:${port}`));
    }),
  );
  return [...new Set(found.flat())].sort();
}

/** Of a headless service every ready replica is one address; none may be ready yet. */
async function addressesOf(name: string): Promise<string[]> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOTFOUND') return [];
    throw thrown;
  }
}
