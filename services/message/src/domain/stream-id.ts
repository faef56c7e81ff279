// The name under which a back end continues a message that grows. It grants nothing: where it leads is checked at every use.
import { type GroupId, isGroupId } from '@parley/kernel';

export interface StreamId {
  readonly groupId: GroupId;
  readonly seq: bigint;
  /** Index of the message's first piece. */
  readonly firstIndex: number;
}

const FORM = /^1 ([1-9][0-9]{0,17}) ([01]) (.+)$/s;

export const formatStreamId = ({ groupId, seq, firstIndex }: StreamId): string =>
  Buffer.from(`1 ${seq} ${firstIndex} ${groupId}`).toString('base64url');

/** Undefined: it is none. */
export function parseStreamId(text: string): StreamId | undefined {
  const [, seq, firstIndex, groupId] = FORM.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (seq === undefined || groupId === undefined || !isGroupId(groupId)) return undefined;
  const id = { groupId, seq: BigInt(seq), firstIndex: Number(firstIndex) };
  return formatStreamId(id) === text ? id : undefined;
}
