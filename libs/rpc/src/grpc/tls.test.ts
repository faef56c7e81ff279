import { readFileSync } from 'node:fs';
import { ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { createClient } from '../client.js';
import { messageRouter, userContext } from '../testing/fixtures.js';
import { rejection } from '../testing/transport-contract.js';
import { createBatchTransport } from './batch-transport.js';
import type { ClientTls, ServerTls } from './credentials.js';
import { createGrpcServer } from './grpc-server.js';
import { createUnaryTransport } from './unary-transport.js';

const pem = (name: string): Buffer =>
  readFileSync(new URL(`../../test-fixtures/tls/${name}`, import.meta.url));
const authority = pem('authority.pem');
const serverPair = { certificate: pem('server.pem'), key: pem('server.key') };
const clientPair = { certificate: pem('client.pem'), key: pem('client.key') };
const strangerPair = { certificate: pem('stranger.pem'), key: pem('stranger.key') };

describe.each(Object.entries({ batched: createBatchTransport, unary: createUnaryTransport }))(
  'TLS (%s)',
  (_, createTransport) => {
    async function callOver(serverTls: ServerTls, clientTls: ClientTls | undefined): Promise<bigint> {
      const { router } = messageRouter({ send: async () => ({ seq: 42n }) });
      const server = createGrpcServer({ router, tls: serverTls });
      const port = await server.listen('127.0.0.1:0');
      const address = `localhost:${port}`;
      const transport = createTransport(clientTls === undefined ? { address } : { address, tls: clientTls });
      try {
        const deadlineMs = Date.now() + 3_000;
        const answer = await createClient(messagev1.MessageService, transport).send(
          {},
          userContext({ deadlineMs }),
        );
        return answer.seq;
      } finally {
        await transport.close();
        await server.close(0);
      }
    }

    it('encrypts', async () => {
      expect(await callOver(serverPair, { ca: authority })).toBe(42n);
    });

    it('knows both ends with mutual TLS', async () => {
      const answer = await callOver({ ...serverPair, clientCa: authority }, { ca: authority, ...clientPair });
      expect(answer).toBe(42n);
    });

    it.each<[string, ServerTls, ClientTls | undefined]>([
      ['a server of an unknown authority', serverPair, { ca: pem('stranger-authority.pem') }],
      ['a server of another name', serverPair, { ca: authority, serverName: 'parley.example' }],
      ['a client without a certificate', { ...serverPair, clientCa: authority }, { ca: authority }],
      [
        'a client of an unknown authority',
        { ...serverPair, clientCa: authority },
        { ca: authority, ...strangerPair },
      ],
      ['a client in plain text', serverPair, undefined],
    ])('refuses %s', async (__, serverTls, clientTls) => {
      expect((await rejection(callOver(serverTls, clientTls))).code).toBe(ErrorCode.UNAVAILABLE);
    });
  },
);
