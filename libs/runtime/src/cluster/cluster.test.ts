import type { NodeId } from '@parley/kernel';
import { addressOfNode, createNodeId } from './node-address.js';
import { parsePeers, resolveAddresses } from './peer-addresses.js';

describe('peers', () => {
  it('are addresses and names by service', async () => {
    const peers = parsePeers(['auth=10.0.0.1:7000', 'message=dns:message:7001', 'message=10.0.0.9:7001']);
    expect(peers.get('auth')).toEqual([{ isName: false, host: '10.0.0.1', port: 7000 }]);
    const resolve = async () => ['10.0.0.3', '10.0.0.2', 'fd00::1'];
    expect(await resolveAddresses(peers.get('message') ?? [], resolve)).toEqual([
      '10.0.0.2:7001',
      '10.0.0.3:7001',
      '10.0.0.9:7001',
      '[fd00::1]:7001',
    ]);
  });

  it('of a name that nobody knows yet are none', async () => {
    const [source] = parsePeers(['auth=dns:nowhere.invalid:1']).get('auth') ?? [];
    expect(source && (await resolveAddresses([source], async () => []))).toEqual([]);
  });
});

describe('a node id', () => {
  it('says where the node is, if anybody may call it', () => {
    expect(addressOfNode(createNodeId('10.0.0.1:7000'))).toBe('10.0.0.1:7000');
    expect(addressOfNode(createNodeId(''))).toBeUndefined();
    expect(addressOfNode('gateway~1' as NodeId)).toBeUndefined();
  });

  it('fits where ids are kept', () => {
    expect(createNodeId('255.255.255.255:65535').length).toBeLessThan(64);
  });
});
