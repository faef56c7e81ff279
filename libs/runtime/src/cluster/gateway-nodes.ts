// Clients of gateway nodes, by node. Kept, because deliveries of one node must stay in order.
import { gatewayNodeCodecs } from '@parley/delivery';
import { ChatError, ErrorCode, type NodeId } from '@parley/kernel';
import { gatewayv1 } from '@parley/proto';
import { type Client, createClient, type EndpointTransport, type Transport } from '@parley/rpc';
import { addressOfNode } from './node-address.js';

type GatewayClient = Client<typeof gatewayv1.GatewayNodeService>;

interface Known {
  readonly client: GatewayClient;
  readonly transport: EndpointTransport | undefined;
}

/** Nodes come and go with every rollout; the least recently used connections are closed beyond this many. */
const NODES_MAX = 1_000;

export interface GatewayNodesOptions {
  readonly ownNodeId: NodeId;
  readonly local: Transport;
  readonly connect: (address: string) => EndpointTransport;
}

export class GatewayNodes {
  private readonly known = new Map<NodeId, Known>();

  constructor(private readonly options: GatewayNodesOptions) {}

  /** @throws ChatError UNAVAILABLE when the node's id does not say where it is. */
  clientOf(nodeId: NodeId): GatewayClient {
    const known = this.known.get(nodeId) ?? this.open(nodeId);
    this.known.delete(nodeId);
    this.known.set(nodeId, known);
    if (this.known.size > NODES_MAX) this.forgetOldest();
    return known.client;
  }

  async close(): Promise<void> {
    await Promise.all([...this.known.values()].map(({ transport }) => transport?.close()));
  }

  private open(nodeId: NodeId): Known {
    const { ownNodeId, local, connect } = this.options;
    const service = gatewayv1.GatewayNodeService;
    const clientOver = (transport: Transport): GatewayClient =>
      createClient(service, transport, gatewayNodeCodecs);
    if (nodeId === ownNodeId) return { client: clientOver(local), transport: undefined };
    const address = addressOfNode(nodeId);
    if (address === undefined) {
      throw new ChatError(ErrorCode.UNAVAILABLE, 'the gateway node belongs to another installation or life');
    }
    const transport = connect(address);
    return { client: clientOver(transport), transport };
  }

  private forgetOldest(): void {
    const [oldest] = this.known;
    if (!oldest) return;
    this.known.delete(oldest[0]);
    void oldest[1].transport?.close();
  }
}
