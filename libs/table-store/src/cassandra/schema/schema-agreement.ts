// Changes of the schema reach the nodes one after the other. What one node knows of it is good for requests to any
// node when all of them, those that are down apart, have the same version.
import { unavailable } from '../cassandra-error.js';
import type { Session } from '../session.js';

const WAIT_MS = 20_000;
const POLL_MS = 100;

/** @throws ChatError UNAVAILABLE when the nodes do not agree in time. */
export async function awaitAgreement(session: Session): Promise<void> {
  const endMs = performance.now() + WAIT_MS;
  while (!(await isAgreed(session))) {
    if (performance.now() > endMs) {
      throw unavailable('the nodes of Cassandra do not agree on the schema yet; try again');
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

interface Version {
  readonly host_id?: unknown;
  readonly schema_version: unknown;
}

async function isAgreed(session: Session): Promise<boolean> {
  const [local, peers] = (await session.askOneNode([
    'SELECT schema_version FROM system.local',
    'SELECT host_id, schema_version FROM system.peers',
  ])) as unknown as readonly [readonly Version[], readonly Version[]];
  const versions = new Set(local.map(({ schema_version }) => `${schema_version}`));
  for (const { host_id, schema_version } of peers) {
    if (schema_version && session.isUp(`${host_id}`)) versions.add(`${schema_version}`);
  }
  return versions.size === 1;
}
