// GatewayNodeService: what the rest of the platform asks of this node.
import type { gatewayv1 } from '@parley/proto';
import type { ServiceHandlers } from '@parley/rpc';
import { BYE_GIVE_UP_MAX, BYE_RECONNECT_MIN, ByeCode } from '@parley/wire';
import { type Connection, ConnectionState } from '../connections/connection.js';
import type { ConnectionCloser } from '../connections/connection-closer.js';
import type { ConnectionTable } from '../connections/connection-table.js';
import type { Outbox } from '../connections/outbox.js';
import { framePush } from '../connections/websocket-frame.js';
import type { GatewayEvents } from '../events.js';

export interface GatewayNodeOptions {
  readonly table: ConnectionTable;
  readonly outbox: Outbox;
  readonly closer: ConnectionCloser;
  readonly events: GatewayEvents;
}

export class GatewayNodeHandlers implements ServiceHandlers<typeof gatewayv1.GatewayNodeService> {
  constructor(private readonly parts: GatewayNodeOptions) {}

  /** A push is framed once for all of its connections; a slow reader is dropped and does not hold up the others. */
  async deliver(request: gatewayv1.DeliverRequest): Promise<{ unknownConnectionIds: string[] }> {
    const unknownConnectionIds: string[] = [];
    for (const delivery of request.deliveries) {
      let frame: Uint8Array | undefined;
      for (const id of delivery.connectionIds) {
        const connection = this.parts.table.find(id);
        if (connection === undefined || !connection.isLive) unknownConnectionIds.push(id);
        else {
          frame ??= framePush(delivery.push);
          this.#push(connection, frame);
        }
      }
    }
    return { unknownConnectionIds };
  }

  async disconnect(request: gatewayv1.DisconnectRequest): Promise<Record<string, never>> {
    const isByeCode = request.code >= BYE_RECONNECT_MIN && request.code <= BYE_GIVE_UP_MAX;
    const code = isByeCode ? request.code : ByeCode.GOING_AWAY;
    for (const id of request.connectionIds) {
      const connection = this.parts.table.find(id);
      if (connection === undefined) continue;
      this.parts.closer.endWith(connection, 'disconnected', { code, reason: request.reason });
    }
    return {};
  }

  #push(connection: Connection, frame: Uint8Array): void {
    const { outbox, closer, events } = this.parts;
    if (connection.state !== ConnectionState.OPEN) {
      // The Welcome comes first on every connection; a Resync right behind it makes up for this push.
      connection.missedPush = true;
      return;
    }
    events.frameQueued();
    if (outbox.enqueue(connection, frame)) return;
    closer.end(connection, 'slow_reader', 'pushes are read too slowly');
  }
}
