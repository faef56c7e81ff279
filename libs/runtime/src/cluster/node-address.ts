// A node's id says where the node is, so that whoever reads a session can reach its gateway.
import { hostname } from 'node:os';
import type { NodeId } from '@parley/kernel';

const SEPARATOR = '~';

/** Unique over time. Without an address: a node that nobody else calls. */
export function createNodeId(address: string): NodeId {
  const life = `${process.pid.toString(36)}${Date.now().toString(36)}`;
  return `${address || hostname().slice(0, 32)}${SEPARATOR}${life}` as NodeId;
}

/** `host:port`, or undefined when the id names none. */
export function addressOfNode(nodeId: NodeId): string | undefined {
  const [address = ''] = nodeId.split(SEPARATOR, 1);
  return /:\d+$/.test(address) ? address : undefined;
}
