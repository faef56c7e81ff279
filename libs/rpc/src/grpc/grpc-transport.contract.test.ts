import type { Router } from '../router.js';
import { describeTransportContract, type TransportUnderTest } from '../testing/transport-contract.js';
import { createBatchTransport } from './batch-transport.js';
import type { GrpcTarget } from './channel.js';
import { createGrpcServer } from './grpc-server.js';
import { createUnaryTransport } from './unary-transport.js';

const serving =
  (createTransport: (target: GrpcTarget) => TransportUnderTest['transport']) =>
  async (router: Router): Promise<TransportUnderTest> => {
    const server = createGrpcServer({ router });
    const port = await server.listen('127.0.0.1:0');
    return {
      transport: createTransport({ address: `127.0.0.1:${port}` }),
      close: () => server.close(),
    };
  };

describeTransportContract('gRPC, batched', serving(createBatchTransport), { keepsOrder: true });
describeTransportContract('gRPC, unary', serving(createUnaryTransport), { keepsOrder: false });
