// The durable memory of sends and imports.
import { put, type TableStore, type Write } from '@parley/table-store';
import type { Identity } from '../domain/decide-send.js';
import { importIds, messageIds } from '../tables.js';
import type { ConversationRef } from './message-store.js';

/** A send that is a message. */
export interface KnownSend {
  readonly seq: bigint;
  /** When it was numbered. */
  readonly timeMs: number;
}

/** Which keys are remembered for ever. */
const IMPORT_KEY_PREFIX = 'i:';

export class DedupStore {
  constructor(private readonly tables: TableStore) {}

  /** The message that the identity names, if it was numbered within the identity's window. */
  async find(
    conversation: ConversationRef,
    identity: Identity,
    nowMs: number,
  ): Promise<KnownSend | undefined> {
    const key = {
      app_id: conversation.appId as number,
      conversation: conversation.id as string,
      dedup_key: identity.key,
    };
    const row = await this.tables.get(identity.isPermanent ? importIds : messageIds, key);
    if (row === undefined) return undefined;
    const timeMs = Number(row.time_ms);
    if (!identity.isPermanent && timeMs + row.window_s * 1_000 < nowMs) return undefined;
    return { seq: row.seq, timeMs };
  }
}

export function rememberSend(
  conversation: ConversationRef,
  dedupKey: string,
  send: KnownSend & { readonly windowS: number },
): Write<typeof messageIds> | Write<typeof importIds> {
  const row = {
    app_id: conversation.appId as number,
    conversation: conversation.id as string,
    dedup_key: dedupKey,
    seq: send.seq,
    time_ms: BigInt(send.timeMs),
    window_s: send.windowS,
  };
  return dedupKey.startsWith(IMPORT_KEY_PREFIX) ? put(importIds, row) : put(messageIds, row);
}
