export { only } from './only.js';
export {
  describeTransportContract,
  rejection,
  type TransportFactory,
  type TransportPromises,
  type TransportUnderTest,
} from './transport-contract.js';
