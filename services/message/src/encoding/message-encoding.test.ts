import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { AppId, ConnectionId, GroupId, UserId } from '@parley/kernel';
import { messagev1, wirev1 } from '@parley/proto';
import fc from 'fast-check';
import { conversationOf, groupConversationOf } from '../domain/conversation.js';
import type { Draft } from '../domain/decide-send.js';
import { encodeMessage, readFacts, withCounts } from './message-encoding.js';
import { encodeMessagePush, encodeRecord, readRecord } from './record-encoding.js';
import { encodeStamp } from './sender-stamp.js';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const safeInt = fc.maxSafeNat();
const userId = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 1, maxLength: 32 })
  .map((units) => String.fromCharCode(...units) as UserId);
const names = fc.array(userId, { maxLength: 5 });
const groupParts = fc.record({
  priority: fc.integer({ min: 0, max: 4 }),
  toAccounts: names,
  atAccounts: names,
  atAll: fc.boolean(),
});
const senders = fc.record({ nick: fc.string({ unit: 'grapheme' }), faceUrl: fc.string() });
const drafts: fc.Arbitrary<Draft> = fc
  .record({
    from: userId,
    to: userId,
    clientMessageId: fc.string({ unit: 'grapheme' }),
    msgSeq: uint32,
    random: uint32,
    body: fc.uint8Array({ maxLength: 300 }),
    cloudCustomData: fc.string({ unit: 'grapheme' }),
    flags: uint32,
    clientTimeS: uint32,
    offlinePush: fc.uint8Array({ maxLength: 20 }),
    originalTimeMs: fc.option(safeInt, { nil: undefined }),
    identity: fc.option(
      fc.record({
        key: fc.string(),
        reservation: fc.constant('r'),
        windowMs: fc.constant(120_000),
        isPermanent: fc.boolean(),
      }),
      { nil: undefined },
    ),
    originConnectionId: fc.option(fc.constant('c1' as ConnectionId), { nil: undefined }),
    isSilent: fc.boolean(),
    group: fc.option(groupParts, { nil: undefined }),
  })
  .map((draft) => ({
    ...draft,
    conversation:
      draft.group === undefined
        ? conversationOf(14 as AppId, draft.from, draft.to)
        : groupConversationOf(14 as AppId, draft.to as string as GroupId),
  }));
const counts = fc.record({
  countFromFirst: safeInt.map(BigInt),
  countFromSecond: safeInt.map(BigInt),
});
const NONE = { countFromFirst: 0n, countFromSecond: 0n };
const { C2C, GROUP } = messagev1.ConversationType;

const generated = (draft: Draft, seq: bigint, numberedAtMs: number, more: object = {}) =>
  create(messagev1.MessageSchema, {
    seq,
    from: draft.from,
    to: draft.to,
    type: draft.group === undefined ? C2C : GROUP,
    clientMessageId: draft.clientMessageId,
    timeMs: BigInt(draft.originalTimeMs ?? numberedAtMs),
    msgSeq: draft.msgSeq,
    random: draft.random,
    body: draft.body,
    cloudCustomData: draft.cloudCustomData,
    flags: draft.flags,
    clientTimeS: draft.clientTimeS,
    offlinePush: draft.offlinePush,
    numberedAtMs: BigInt(numberedAtMs),
    ...(draft.group === undefined
      ? {}
      : { ...draft.group, toAccounts: [...draft.group.toAccounts], atAccounts: [...draft.group.atAccounts] }),
    ...more,
  });
const plain = (bytes: Uint8Array): number[] => [...bytes];

describe('the hand-written message codec', () => {
  it('writes what the generated one writes, byte for byte', () => {
    fc.assert(
      fc.property(drafts, safeInt, safeInt, counts, senders, (draft, seq, numberedAtMs, some, name) => {
        const numbering = { seq: BigInt(seq) };
        const named = { fromNick: name.nick, fromFaceUrl: name.faceUrl };
        const message = encodeMessage(draft, numbering.seq, numberedAtMs, encodeStamp(name));
        const expected = generated(draft, numbering.seq, numberedAtMs, named);
        expect(plain(message)).toEqual(plain(toBinary(messagev1.MessageSchema, expected)));
        const { groupFieldBytes } = readFacts(message);
        const counted = withCounts(message, { ...NONE, groupFieldBytes }, some);
        expect(plain(counted)).toEqual(
          plain(
            toBinary(
              messagev1.MessageSchema,
              generated(draft, numbering.seq, numberedAtMs, { ...some, ...named }),
            ),
          ),
        );
        expect(plain(withCounts(counted, { ...some, groupFieldBytes }, NONE))).toEqual(plain(message));
        const push = create(wirev1.PushSchema, { event: { case: 'message', value: expected } });
        expect(plain(encodeMessagePush(message))).toEqual(plain(toBinary(wirev1.PushSchema, push)));
      }),
    );
  });

  it('writes records as the generated one does, and reads them back', () => {
    fc.assert(
      fc.property(drafts, safeInt, safeInt, (draft, seq, numberedAtMs) => {
        const message = encodeMessage(draft, BigInt(seq), numberedAtMs);
        const record = encodeRecord(draft, message);
        const expected = create(messagev1.MessageRecordSchema, {
          appId: 14,
          conversationId: draft.conversation.id,
          message: fromBinary(messagev1.MessageSchema, message),
          dedupKey: draft.identity?.key ?? '',
          dedupWindowS: draft.identity === undefined ? 0 : 120,
          originConnectionId: draft.originConnectionId ?? '',
          silent: draft.isSilent,
        });
        expect(plain(record)).toEqual(plain(toBinary(messagev1.MessageRecordSchema, expected)));
        const read = readRecord(record);
        expect(read).toMatchObject({
          appId: 14,
          conversationId: draft.conversation.id,
          dedupKey: draft.identity?.key ?? '',
          originConnectionId: draft.originConnectionId,
          isSilent: draft.isSilent,
        });
        expect(plain(read.message)).toEqual(plain(message));
      }),
    );
  });

  it('reads the facts', () => {
    fc.assert(
      fc.property(drafts, safeInt, safeInt, counts, (draft, seq, numberedAtMs, some) => {
        const message = encodeMessage(draft, BigInt(seq), numberedAtMs);
        const { from, to, msgSeq, random, flags, group } = draft;
        const { groupFieldBytes } = readFacts(message);
        expect(readFacts(withCounts(message, { ...NONE, groupFieldBytes }, some))).toEqual({
          seq: BigInt(seq),
          from,
          to,
          msgSeq,
          random,
          flags,
          timeMs: draft.originalTimeMs ?? numberedAtMs,
          numberedAtMs,
          ...some,
          type: group === undefined ? C2C : GROUP,
          toAccounts: group?.toAccounts ?? [],
          hasMentions: group !== undefined && (group.atAll || group.atAccounts.length > 0),
          groupFieldBytes,
          version: 0n,
        });
      }),
    );
  });

  it('calls damage by its name', () => {
    expect(() => readFacts(Uint8Array.from([0x0a, 0xff]))).toThrow('damaged');
    expect(() => readRecord(Uint8Array.from([0x08, 0x01]))).toThrow('no message');
  });
});
