import type { ConnectionOptions, TlsOptions } from 'node:tls';
import { ErrorCode } from '@parley/kernel';
import { describeWithEngine, engineAddress } from '@parley/test-engines';
import { defineTable } from '../table.js';
import { NodeLink } from './testing/node-link.js';
import { TestAuthority } from './testing/test-authority.js';
import { TestKeyspace } from './testing/test-keyspace.js';

const NOTES = defineTable({
  name: 'tls_notes',
  partition: { id: 'text' },
  clustering: {},
  columns: { note: 'text' },
});
const TEST_TIMEOUT_MS = 30_000;
const unavailable = expect.objectContaining({ name: 'ChatError', code: ErrorCode.UNAVAILABLE });

await describeWithEngine('Cassandra', engineAddress('cassandra'), (address) => {
  const keyspace = new TestKeyspace(address);
  const links: NodeLink[] = [];
  const authority = new TestAuthority();

  afterAll(async () => {
    await keyspace.drop();
    for (const link of links) await link.close();
  }, TEST_TIMEOUT_MS);

  const open = async (node: TlsOptions, tls: boolean | ConnectionOptions) => {
    const link = await NodeLink.open(address, node);
    links.push(link);
    return keyspace.open({ contactPoints: [link.address], tls, startDeadlineMs: 500, deadlineMs: 5_000 });
  };

  it(
    'knows the node by its authority, and proves itself to one that asks',
    async () => {
      const { ca } = authority;
      const node = {
        ...authority.sign('127.0.0.1'),
        ca,
        requestCert: true,
        rejectUnauthorized: true,
      };
      const store = await open(node, { ca, ...authority.sign('10.0.0.1') });
      await store.migrate([NOTES]);
      await store.put(NOTES, { id: 'a', note: 'n' });
      expect(await store.get(NOTES, { id: 'a' })).toEqual({ id: 'a', note: 'n' });
      const unproven = await open(node, { ca });
      await expect(unproven.migrate([NOTES])).rejects.toEqual(unavailable);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'asks nobody whose certificate is of a stranger or of another address',
    async () => {
      const { ca } = authority;
      const here = authority.sign('127.0.0.1');
      const elsewhere = authority.sign('10.0.0.1');
      const strangers: [TlsOptions, boolean | ConnectionOptions][] = [
        [here, true],
        [here, {}],
        [here, { ca: new TestAuthority().ca }],
        [elsewhere, { ca }],
      ];
      for (const [node, tls] of strangers) {
        await expect((await open(node, tls)).migrate([NOTES])).rejects.toEqual(unavailable);
      }
      const unnamed = await open(elsewhere, { ca, checkServerIdentity: () => undefined });
      await unnamed.migrate([NOTES]);
      const named = authority.sign('cassandra.test');
      await (await open(named, { ca, servername: 'cassandra.test' })).migrate([NOTES]);
      const other = await open(named, { ca, servername: 'other.test' });
      await expect(other.migrate([NOTES])).rejects.toEqual(unavailable);
    },
    TEST_TIMEOUT_MS,
  );
});
