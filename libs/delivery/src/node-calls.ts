// Control calls to gateway nodes: each node is asked at once, its parts one after the other.
import { type AppId, ChatError, type GroupId, type NodeId, type UserId } from '@parley/kernel';
import type { Room, RoomsChange, RoomsChangeTarget, SessionRegistry, Visitor } from './delivery.js';
import type { DeliveryEvents } from './events.js';
import {
  CONNECTIONS_PER_DELIVERY_MAX,
  MOVES_PER_REQUEST_MAX,
  VISITED_ROOMS_MAX,
  VISITORS_LISTED_MAX,
} from './limits.js';
import type { NodeClient } from './node-queue.js';
import { PLATFORM_CONTEXT } from './platform-context.js';
import type { Session } from './session.js';

export interface NodeCallsOptions {
  readonly sessions: SessionRegistry;
  readonly nodeClient: (nodeId: NodeId) => NodeClient;
  readonly events: DeliveryEvents;
}

interface NodeCall {
  /** Connections of one call. */
  readonly connectionsMax: number;
  readonly run: (client: NodeClient, connectionIds: string[]) => Promise<unknown>;
}

export class NodeCalls {
  constructor(private readonly parts: NodeCallsOptions) {}

  disconnect(sessions: readonly Session[], code: number, reason: string): Promise<void> {
    return this.#callAll(sessions, {
      connectionsMax: CONNECTIONS_PER_DELIVERY_MAX,
      run: (client, connectionIds) => client.disconnect({ connectionIds, code, reason }, PLATFORM_CONTEXT),
    });
  }

  async changeRooms(
    { appId, userIds }: RoomsChangeTarget,
    { enter, leave, countsPeople = false }: RoomsChange,
  ): Promise<void> {
    const rooms = enter.length + leave.length;
    if (rooms === 0 || userIds.length === 0) return;
    const sessions = (await this.parts.sessions.sessionsOfMany(appId, userIds)).flat();
    await this.#callAll(sessions, {
      connectionsMax: Math.max(1, Math.floor(MOVES_PER_REQUEST_MAX / rooms)),
      run: (client, connectionIds) => {
        const change = { connectionIds, enterGroupIds: [...enter], leaveGroupIds: [...leave], countsPeople };
        return client.changeRooms({ changes: [change] }, PLATFORM_CONTEXT);
      },
    });
  }

  async usersInRoom({ appId, groupId }: Room, userIds: readonly UserId[]): Promise<UserId[]> {
    const sessions = await this.parts.sessions.sessionsOfMany(appId, userIds);
    const found = new Set<string>();
    await this.#callAll(sessions.flat(), {
      connectionsMax: CONNECTIONS_PER_DELIVERY_MAX,
      run: async (client, connectionIds) => {
        const answer = await client.findInRoom({ room: { appId, groupId }, connectionIds }, PLATFORM_CONTEXT);
        for (const id of answer.connectionIds) found.add(id);
      },
    });
    return userIds.filter((_, at) => sessions[at]?.some(({ connectionId }) => found.has(connectionId)));
  }

  async visitorsOf({ appId, groupId }: Room, nodeIds: readonly NodeId[]): Promise<Visitor[]> {
    const request = { room: { appId, groupId }, limit: VISITORS_LISTED_MAX };
    const since = new Map<string, number>();
    const ask = async (nodeId: NodeId): Promise<void> => {
      const answer = await this.#ofNode(nodeId, (client) => client.listRoomPeople(request, PLATFORM_CONTEXT));
      for (const { userId, sinceMs } of answer.visitors) {
        since.set(userId, Math.min(since.get(userId) ?? Number.POSITIVE_INFINITY, Number(sinceMs)));
      }
    };
    throwFirst(await Promise.allSettled(nodeIds.map(ask)));
    return Array.from(since, ([userId, sinceMs]) => ({ userId: userId as UserId, sinceMs }))
      .sort((one, other) => other.sinceMs - one.sinceMs)
      .slice(0, VISITORS_LISTED_MAX);
  }

  async roomsVisitedBy(appId: AppId, userId: UserId): Promise<GroupId[]> {
    const found = new Set<string>();
    await this.#callAll(await this.parts.sessions.sessionsOf(appId, userId), {
      connectionsMax: CONNECTIONS_PER_DELIVERY_MAX,
      run: async (client, connectionIds) => {
        const asked = { connectionIds, limit: VISITED_ROOMS_MAX };
        const { groupIds } = await client.listVisitedRooms(asked, PLATFORM_CONTEXT);
        for (const groupId of groupIds) found.add(groupId);
      },
    });
    return [...found].slice(0, VISITED_ROOMS_MAX) as GroupId[];
  }

  /** Rejects with the first failure, after every node was asked. */
  async #callAll(sessions: readonly Session[], call: NodeCall): Promise<void> {
    const byNode = new Map<NodeId, string[]>();
    for (const { nodeId, connectionId } of sessions) {
      const known = byNode.get(nodeId);
      if (known === undefined) byNode.set(nodeId, [connectionId]);
      else known.push(connectionId);
    }
    const outcomes = await Promise.allSettled(
      Array.from(byNode, ([nodeId, connectionIds]) => this.#callNode(nodeId, connectionIds, call)),
    );
    throwFirst(outcomes);
  }

  async #callNode(nodeId: NodeId, connectionIds: readonly string[], call: NodeCall): Promise<void> {
    const { connectionsMax, run } = call;
    for (let first = 0; first < connectionIds.length; first += connectionsMax) {
      const some = connectionIds.slice(first, first + connectionsMax);
      await this.#ofNode(nodeId, (client) => run(client, some));
    }
  }

  async #ofNode<T>(nodeId: NodeId, ask: (client: NodeClient) => Promise<T>): Promise<T> {
    try {
      return await ask(this.parts.nodeClient(nodeId));
    } catch (thrown) {
      const error = ChatError.from(thrown);
      this.parts.events.nodeFailed(nodeId, error);
      throw error;
    }
  }
}

function throwFirst(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw ChatError.from(failed.reason);
}
