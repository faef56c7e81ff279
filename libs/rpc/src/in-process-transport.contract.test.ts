import { createInProcessTransport } from './in-process-transport.js';
import { describeTransportContract } from './testing/transport-contract.js';

describeTransportContract(
  'in process',
  async (router) => ({ transport: createInProcessTransport({ router }), close: async () => undefined }),
  { keepsOrder: true },
);
