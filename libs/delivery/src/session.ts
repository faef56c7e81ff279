// What the registry knows of one live connection.
import type { ConnectionId, NodeId } from '@parley/kernel';
import type { Platform } from '@parley/rpc';

export interface Session {
  readonly connectionId: ConnectionId;
  readonly nodeId: NodeId;
  readonly platform: Platform;
  /** Same over reconnects of one SDK instance. */
  readonly instanceId: string;
  readonly sinceMs: number;
}

/** A session that ends: who knows its node and platform says so. */
export interface EndedSession {
  readonly connectionId: ConnectionId;
  readonly nodeId?: NodeId;
  readonly platform?: Platform;
  /** It was ended on purpose; absent: its connection is gone. */
  readonly isLogout?: boolean;
}
