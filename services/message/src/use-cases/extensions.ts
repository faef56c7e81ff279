// Pairs of key and value on a message: of two writers of one pair the first wins, and everybody concerned is told.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { Coordination } from '@parley/coordination';
import { ChatError, ErrorCode } from '@parley/kernel';
import { messagev1, wirev1 } from '@parley/proto';
import { CallerRole } from '@parley/rpc';
import { membersConversationOf } from '../domain/conversation.js';
import { type ChangedExtensions, changeExtensions } from '../domain/extension-set.js';
import { type GroupFacts, noHistory } from '../domain/group-rules.js';
import {
  EXTENSION_CALLS_PER_MINUTE_MAX,
  EXTENSION_KEY_BYTES_MAX,
  EXTENSION_VALUE_BYTES_MAX,
  EXTENSIONS_MAX,
  EXTENSIONS_PAGE_MAX,
  EXTENSIONS_PER_CALL_MAX,
} from '../domain/limits.js';
import { hasFlag, isVisibleTo, MessageFlag } from '../domain/message-facts.js';
import type { ToldNotices } from '../sending/told-notices.js';
import type { ExtensionStore } from '../stores/extension-store.js';
import type { MessageRow } from '../stores/message-store.js';
import { audienceOf, type ChangeCall } from './change-call.js';
import type { FindTarget, TargetName } from './find-target.js';

export interface ExtensionsOptions {
  readonly find: FindTarget;
  readonly store: ExtensionStore;
  readonly notices: ToldNotices;
  readonly coordination: Coordination;
}

export interface ExtensionsCall extends Omit<ChangeCall, 'clientChangeId'> {
  readonly target: TargetName;
  /** Of a group. */
  readonly facts?: GroupFacts | undefined;
}

const ATTEMPTS_MAX = 20;
const MINUTE_MS = 60_000;
const { CLEAR } = messagev1.ExtensionOperation;

export class Extensions {
  constructor(private readonly options: ExtensionsOptions) {}

  /** @throws ChatError 23002, 23003, 23004, and for what is malformed or too much. */
  async change(
    call: ExtensionsCall,
    request: Pick<messagev1.ChangeExtensionsRequest, 'operation' | 'extensions'>,
  ): Promise<messagev1.ExtensionResult[]> {
    checkRequest(call, request);
    const row = await this.#target(call);
    await this.#checkRate(call, row);
    const changed = await this.#write(call, row, request);
    // A retry may find that the first attempt ended between the row and the notice.
    if (changed.next !== undefined || call.caller.attempt > 0) await this.#tell(call, row, changed);
    return changed.results;
  }

  /** Pairs that were written at `startSeq` or later, from there. */
  async get(
    call: ExtensionsCall,
    { startSeq, limit }: { readonly startSeq: bigint; readonly limit: number },
  ): Promise<Omit<messagev1.GetExtensionsResponse, '$typeName' | '$unknown'>> {
    const row = await this.#target(call);
    const { set } = await this.options.store.get({ conversation: call.conversation, seq: row.facts.seq });
    const wanted = set.extensions.filter(({ seq }) => seq >= startSeq);
    const size = Math.min(limit || EXTENSIONS_PAGE_MAX, EXTENSIONS_PAGE_MAX);
    const { latestSeq, clearSeq } = set;
    return { extensions: wanted.slice(0, size), isComplete: wanted.length <= size, latestSeq, clearSeq };
  }

  async #target({ conversation, user, caller, target, facts }: ExtensionsCall): Promise<MessageRow> {
    if (facts !== undefined && !facts.storesHistory) throw noHistory();
    const row = await this.options.find.run(conversation, target, caller.codes);
    const isThere =
      row !== undefined &&
      !hasFlag(row.facts.flags, MessageFlag.RECALLED) &&
      (caller.role !== CallerRole.USER || isVisibleTo(row.facts, user));
    if (!isThere) throw new ChatError(ErrorCode.EXTENSION_NOT_FOUND, 'there is no such message');
    if (!hasFlag(row.facts.flags, MessageFlag.SUPPORT_EXTENSION)) {
      throw new ChatError(ErrorCode.EXTENSIONS_NOT_TAKEN, 'the message was not sent to have extensions');
    }
    return row;
  }

  async #checkRate({ conversation }: ExtensionsCall, { facts }: MessageRow): Promise<void> {
    const window = `{${conversation.key}}:extensions:${facts.seq}`;
    const calls = await this.options.coordination.countInWindow(window, 1, MINUTE_MS);
    if (calls <= EXTENSION_CALLS_PER_MINUTE_MAX) return;
    throw new ChatError(ErrorCode.EXTENSIONS_TOO_FAST, 'extensions of this message are written too often');
  }

  async #write(
    { conversation, caller }: ExtensionsCall,
    { facts }: MessageRow,
    request: Pick<messagev1.ChangeExtensionsRequest, 'operation' | 'extensions'>,
  ): Promise<ChangedExtensions> {
    const ref = { conversation, seq: facts.seq };
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const { revision, set } = await this.options.store.get(ref);
      const changed = changeExtensions(set, {
        ...request,
        isHeld: caller.role === CallerRole.USER,
        isRetry: caller.attempt > 0 || attempt > 0,
        pairsMax: EXTENSIONS_MAX,
      });
      if (changed === undefined) {
        throw new ChatError(caller.codes.badRequest, `a message has at most ${EXTENSIONS_MAX} extensions`);
      }
      if (changed.next === undefined || (await this.options.store.replace(ref, revision, changed.next))) {
        return changed;
      }
    }
    throw new ChatError(ErrorCode.UNAVAILABLE, 'the extensions change too fast; retry', {
      retryAfterMs: 200,
    });
  }

  async #tell(call: ExtensionsCall, row: MessageRow, changed: ChangedExtensions): Promise<void> {
    const { conversation, user, caller } = call;
    const { appId } = conversation;
    const { from, to, type, seq } = row.facts;
    const value = create(messagev1.ExtensionNoticeSchema, {
      ...{ type, from, to, seq },
      clientMessageId: fromBinary(messagev1.MessageSchema, row.bytes).clientMessageId,
      set: toldPairs(changed),
      deleted: changed.deleted,
      latestSeq: changed.next?.latestSeq ?? 0n,
    });
    const push = create(wirev1.PushSchema, { event: { case: 'extensions', value } });
    const except = caller.connectionId === undefined ? {} : { exceptConnectionId: caller.connectionId };
    const named = audienceOf(row.facts);
    const target =
      conversation.kind === 'group' && named.length === 0
        ? { appId, groupId: membersConversationOf(conversation).groupId, ...except }
        : { appId, userIds: named.length > 0 ? named : [...new Set([from, to])], ...except };
    await this.options.notices.tell({
      ...{ appId, actor: user, target: target as Parameters<ToldNotices['tell']>[0]['target'] },
      push: toBinary(wirev1.PushSchema, push),
    });
  }
}

/** What was written, also by a first attempt that nobody heard of. */
const toldPairs = ({ set, results }: ChangedExtensions): messagev1.Extension[] =>
  set.length > 0
    ? set
    : results.flatMap(({ code, extension }) =>
        code === 0 && extension !== undefined && extension.seq > 0n ? [extension] : [],
      );

function checkRequest(
  { caller }: ExtensionsCall,
  { operation, extensions }: Pick<messagev1.ChangeExtensionsRequest, 'operation' | 'extensions'>,
): void {
  const bad = (info: string) => new ChatError(caller.codes.badRequest, info);
  if (operation === messagev1.ExtensionOperation.UNSPECIFIED) throw bad('the operation is missing');
  if (operation === CLEAR) return;
  const isCount = extensions.length >= 1 && extensions.length <= EXTENSIONS_PER_CALL_MAX;
  if (!isCount) throw bad(`name 1 to ${EXTENSIONS_PER_CALL_MAX} extensions`);
  if (new Set(extensions.map(({ key }) => key)).size < extensions.length) throw bad('a key stands twice');
  for (const { key, value } of extensions) {
    const keyBytes = Buffer.byteLength(key);
    if (keyBytes < 1 || keyBytes > EXTENSION_KEY_BYTES_MAX) {
      throw bad(`a key has 1 to ${EXTENSION_KEY_BYTES_MAX} bytes`);
    }
    if (Buffer.byteLength(value) > EXTENSION_VALUE_BYTES_MAX) {
      throw bad(`a value has at most ${EXTENSION_VALUE_BYTES_MAX} bytes`);
    }
  }
}
