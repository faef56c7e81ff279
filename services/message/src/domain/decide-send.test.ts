import { create } from '@bufbuild/protobuf';
import { type AppId, ChatError, ErrorCode, type UserId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { CallerRole } from '@parley/rpc';
import { codesFor } from './codes.js';
import { decideImport, decideSend } from './decide-send.js';
import { MessageFlag } from './message-facts.js';

const pair = { from: 'alice' as UserId, to: 'bob' as UserId };
const caller = (role: CallerRole) => ({
  appId: 1 as AppId,
  role,
  connectionId: undefined,
  codes: codesFor(role),
});
const user = caller(CallerRole.USER);
const admin = caller(CallerRole.ADMIN);
const body = new TextEncoder().encode('[{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi"}}]');
const request = (init: object = {}) =>
  create(messagev1.SendRequestSchema, { to: 'bob', clientMessageId: 'm1', body, ...init });
const codeOf = (act: () => unknown): ErrorCode | 'fine' => {
  try {
    act();
    return 'fine';
  } catch (thrown) {
    return ChatError.from(thrown).code;
  }
};

describe('decideSend', () => {
  it('names a message by side and client message id, for a day', () => {
    const draft = decideSend(request(), pair, user);
    expect(draft.identity).toMatchObject({ key: '1c:m1', windowMs: 86_400_000, isPermanent: false });
    const back = decideSend(request(), { from: pair.to, to: pair.from }, user);
    expect(back.identity?.key).toBe('2c:m1');
    expect(back.conversation.key).toBe(draft.conversation.key);
  });

  it('lets admins name it otherwise, for less', () => {
    const draft = decideSend(request({ dedupKey: 'k', dedupWindowS: 120 }), pair, admin);
    expect(draft.identity).toMatchObject({ key: '1d:k', windowMs: 120_000, isPermanent: false });
    expect(
      decideSend(request({ dedupKey: 'k', dedupWindowS: 99_999_999 }), pair, admin).identity?.windowMs,
    ).toBe(86_400_000);
    expect(decideSend(request({ clientMessageId: '' }), pair, admin).identity).toBeUndefined();
  });

  it('chooses the same MsgSeq for every retry, and keeps a given one', () => {
    const first = decideSend(request(), pair, user).msgSeq;
    expect(first).toBeGreaterThan(0);
    expect(decideSend(request(), pair, user).msgSeq).toBe(first);
    expect(decideSend(request({ msgSeq: 5 }), pair, user).msgSeq).toBe(5);
  });

  it.each([
    ['no client message id', { clientMessageId: '' }],
    ['a dedup key', { dedupKey: 'k' }],
    ['a dedup window', { dedupWindowS: 1 }],
    ['a long id', { clientMessageId: 'x'.repeat(129) }],
    ['HIDDEN_FROM_SENDER', { flags: MessageFlag.HIDDEN_FROM_SENDER }],
    ['NOT_TO_SENDER_DEVICES', { flags: MessageFlag.NOT_TO_SENDER_DEVICES }],
    ['IMPORTED', { flags: MessageFlag.IMPORTED }],
    ['an unknown flag', { flags: 1 << 20 }],
    ['a group', { type: messagev1.ConversationType.GROUP }],
    ['a kind that does not exist', { type: 99 as messagev1.ConversationType }],
    ['an offline push that is no object', { offlinePush: new TextEncoder().encode('[]') }],
    ['an offline push that is no JSON', { offlinePush: new TextEncoder().encode('{') }],
    ['a huge offline push', { offlinePush: new TextEncoder().encode(`{"a":"${'x'.repeat(9_000)}"}`) }],
  ])('refuses from a user: %s', (_, init) => {
    expect(codeOf(() => decideSend(request(init), pair, user))).toBe(ErrorCode.C2C_BAD_REQUEST);
  });

  it('says it to admins with their codes', () => {
    expect(codeOf(() => decideSend(request({ flags: MessageFlag.IMPORTED }), pair, admin))).toBe(
      ErrorCode.MESSAGE_FORMAT_INVALID,
    );
    const offlinePush = new TextEncoder().encode('[]');
    expect(codeOf(() => decideSend(request({ offlinePush }), pair, admin))).toBe(
      ErrorCode.OFFLINE_PUSH_MALFORMED,
    );
    expect(codeOf(() => decideSend(request({ flags: MessageFlag.HIDDEN_FROM_SENDER }), pair, admin))).toBe(
      'fine',
    );
  });
});

describe('decideImport', () => {
  const importRequest = (init: object = {}) =>
    create(messagev1.ImportRequestSchema, { msgSeq: 1, random: 2, timeS: 3, body, ...init });

  it('keeps the time, and counts as read what was not live', () => {
    const past = decideImport(importRequest(), pair, admin);
    expect(past.originalTimeMs).toBe(3_000);
    expect(past.flags).toBe(MessageFlag.IMPORTED | MessageFlag.NO_UNREAD);
    expect(past.isSilent).toBe(true);
    const live = decideImport(importRequest({ live: true }), pair, admin);
    expect(live.flags).toBe(MessageFlag.IMPORTED);
    expect(live.isSilent).toBe(false);
  });

  it('has one identity in both directions and whatever the content', () => {
    const there = decideImport(importRequest(), pair, admin).identity;
    const back = decideImport(
      importRequest({ cloudCustomData: 'x' }),
      { from: pair.to, to: pair.from },
      admin,
    );
    expect(there).toMatchObject({ key: 'i:1_2_3', windowMs: 86_400_000, isPermanent: true });
    expect(back.identity).toEqual(there);
  });

  it('needs a time', () => {
    expect(codeOf(() => decideImport(importRequest({ timeS: 0 }), pair, admin))).toBe(
      ErrorCode.MESSAGE_TIME_INVALID,
    );
  });
});
