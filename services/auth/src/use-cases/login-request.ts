// What a login and a resumption have in common: who comes, and over which connection.
import type { Session } from '@parley/delivery';
import { ChatError, type ConnectionId, ErrorCode, type NodeId } from '@parley/kernel';
import { Platform } from '@parley/rpc';

export interface LoginRequestFields {
  readonly platform: Platform;
  readonly instanceId: string;
  readonly connectionId: string;
  readonly nodeId: string;
}

const ID_CHARS_MAX = 64;

/** @throws ChatError 70402 saying what is wrong. */
export function checkLoginRequest(request: LoginRequestFields): void {
  const { platform, connectionId, nodeId, instanceId } = request;
  const bad = (info: string) => new ChatError(ErrorCode.ACCOUNT_BAD_PARAMETER, info);
  if (Platform[platform] === undefined || platform === Platform.UNSPECIFIED) {
    throw bad('the platform is unknown');
  }
  if (connectionId === '' || nodeId === '') throw bad('connection and node are missing');
  for (const id of [connectionId, nodeId, instanceId]) {
    if (id.length > ID_CHARS_MAX) throw bad(`an id has at most ${ID_CHARS_MAX} characters`);
  }
}

export const sessionOfRequest = (request: LoginRequestFields, sinceMs: number): Session => ({
  connectionId: request.connectionId as ConnectionId,
  nodeId: request.nodeId as NodeId,
  platform: request.platform,
  instanceId: request.instanceId,
  sinceMs,
});
