// A session as a hash value: `<format> <platform> <since ms> <node> <instance>`.
import { ChatError, type ConnectionId, ErrorCode, type NodeId } from '@parley/kernel';
import { Platform } from '@parley/rpc';
import type { Session } from './session.js';

const FORMAT = '1';
const HEAD = /^1 (\d{1,4}) (\d{1,15}) ([\x21-\x7e]{1,128}) /;
const NAME = /^[\x21-\x7e]{1,128}$/;
const INSTANCE_ID_CHARS_MAX = 256;

/** @throws ChatError INTERNAL when a part cannot be written so that it can be read again. */
export function encodeSession(session: Session): string {
  const { connectionId, nodeId, platform, sinceMs, instanceId } = session;
  const isWritable =
    NAME.test(connectionId) &&
    NAME.test(nodeId) &&
    Number.isInteger(platform) &&
    Number.isSafeInteger(sinceMs) &&
    instanceId.length <= INSTANCE_ID_CHARS_MAX;
  const text = `${FORMAT} ${platform} ${sinceMs} ${nodeId} ${instanceId}`;
  if (isWritable && HEAD.test(text)) return text;
  throw new ChatError(ErrorCode.INTERNAL, 'a session has a part that the registry cannot hold');
}

/** Undefined: another format, or not a session at all. */
export function decodeSession(connectionId: string, text: string): Session | undefined {
  const head = HEAD.exec(text);
  if (head?.[3] === undefined) return undefined;
  const platform = Number(head[1]);
  return {
    connectionId: connectionId as ConnectionId,
    nodeId: head[3] as NodeId,
    // A platform that a newer release knows is a live connection all the same.
    platform: Platform[platform] === undefined ? Platform.UNSPECIFIED : platform,
    instanceId: text.slice(head[0].length),
    sinceMs: Number(head[2]),
  };
}
