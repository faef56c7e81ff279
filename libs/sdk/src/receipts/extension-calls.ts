// Pairs of key and value on messages. Who writes a pair says which write of it he has seen; of two the first wins.
import { messagev1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { RECEIPT_METHOD } from '../calls/receipt-method.js';
import { EXTENSION_PAGES_MAX, EXTENSIONS_KNOWN_MAX, EXTENSIONS_PER_CALL_MAX } from '../constants/limits.js';
import type { EventHub } from '../events/event-hub.js';
import { check, isText, optionalKeys } from '../groups/checks.js';
import type { MessageStore } from '../messages/message-store.js';
import type { Message } from '../model/message.js';
import type { MessageExtension, MessageExtensionResult } from '../model/receipt-sdk.js';
import { nameOf } from './message-name.js';

/** Ours, beyond the events of the border: `{ messageID, extensions }` and `{ messageID, keyList }`. */
export const EXTENSIONS_UPDATED = 'onMessageExtensionsUpdated';
export const EXTENSIONS_DELETED = 'onMessageExtensionsDeleted';

export interface ExtensionCallsOptions {
  readonly caller: Caller;
  readonly store: MessageStore;
  readonly hub: EventHub;
}

const { SET, DELETE, CLEAR } = messagev1.ExtensionOperation;

export class ExtensionCalls {
  /** By message, by key: the number of the write that was seen last. The first message is the oldest. */
  private readonly seen = new Map<string, Map<string, bigint>>();

  constructor(private readonly options: ExtensionCallsOptions) {}

  async set(message: Message, pairs: MessageExtension[]): Promise<{ extensions: MessageExtensionResult[] }> {
    const isList = Array.isArray(pairs) && pairs.length >= 1 && pairs.length <= EXTENSIONS_PER_CALL_MAX;
    check(isList, `extensions is an array of 1 to ${EXTENSIONS_PER_CALL_MAX} pairs`);
    const areGood = pairs.every((pair) => isText(pair?.key) && typeof pair.value === 'string');
    check(areGood, 'an extension is { key, value }, both texts');
    return { extensions: await this.change(message, SET, pairs) };
  }

  async get(message: Message, keyList?: string[]): Promise<{ extensions: MessageExtension[] }> {
    const keys = optionalKeys(keyList);
    const all = await this.fetch(message);
    const wanted = keys.length === 0 ? all : all.filter(({ key }) => keys.includes(key));
    return { extensions: wanted.map(({ key, value }) => ({ key, value })) };
  }

  async delete(message: Message, keyList?: string[]): Promise<{ extensions: MessageExtensionResult[] }> {
    const keys = optionalKeys(keyList);
    check(keys.length <= EXTENSIONS_PER_CALL_MAX, `at most ${EXTENSIONS_PER_CALL_MAX} keys at once`);
    const pairs = keys.map((key) => ({ key, value: '' }));
    return { extensions: await this.change(message, keys.length === 0 ? CLEAR : DELETE, pairs) };
  }

  onNotice({ clientMessageId, set, deleted }: messagev1.ExtensionNotice): void {
    const messageID = clientMessageId;
    const seqs = this.seen.get(messageID);
    if (seqs !== undefined) {
      for (const { key, seq } of set) if (seq > (seqs.get(key) ?? 0n)) seqs.set(key, seq);
      for (const key of deleted) seqs.delete(key);
    }
    const { hub } = this.options;
    const extensions = set.map(({ key, value }) => ({ key, value }));
    if (set.length > 0) hub.emit(EXTENSIONS_UPDATED, { messageID, extensions });
    if (deleted.length > 0) hub.emit(EXTENSIONS_DELETED, { messageID, keyList: deleted });
  }

  private async change(
    message: Message,
    operation: messagev1.ExtensionOperation,
    pairs: readonly MessageExtension[],
  ): Promise<MessageExtensionResult[]> {
    const { caller, store } = this.options;
    const name = nameOf(message, store);
    if (!this.seen.has(message.ID)) await this.fetch(message);
    const seqs = this.seen.get(message.ID) ?? new Map<string, bigint>();
    const extensions = pairs.map(({ key, value }) => ({ key, value, seq: seqs.get(key) ?? 0n }));
    const request = { ...name, operation, extensions };
    const { results } = await caller.call(RECEIPT_METHOD.changeExtensions, request);
    if (operation === CLEAR) seqs.clear();
    return results.map(({ code, extension }, at) => {
      const { key = pairs[at]?.key ?? '', value = '', seq = 0n } = extension ?? {};
      if (seq > 0n) seqs.set(key, seq);
      else seqs.delete(key);
      return { code, key, value };
    });
  }

  /** All pairs, page by page; what was seen is remembered. */
  private async fetch(message: Message): Promise<messagev1.Extension[]> {
    const { caller, store } = this.options;
    const name = nameOf(message, store);
    const found: messagev1.Extension[] = [];
    for (let page = 0; page < EXTENSION_PAGES_MAX; page += 1) {
      const startSeq = (found.at(-1)?.seq ?? 0n) + 1n;
      const answer = await caller.call(RECEIPT_METHOD.getExtensions, { ...name, startSeq });
      found.push(...answer.extensions);
      if (answer.isComplete) break;
    }
    this.seen.delete(message.ID);
    this.seen.set(message.ID, new Map(found.map(({ key, seq }) => [key, seq])));
    const [oldest] = this.seen.keys();
    if (this.seen.size > EXTENSIONS_KNOWN_MAX && oldest !== undefined) this.seen.delete(oldest);
    return found;
  }
}
