import { create } from '@bufbuild/protobuf';
import { type AppId, ErrorCode, type GroupId, type UserId } from '@parley/kernel';
import { groupv1, messagev1, optionsv1 } from '@parley/proto';
import { isForRoom, pushReceivers } from './audience.js';
import { GROUP_CODES } from './codes.js';
import { conversationOf } from './conversation.js';
import { EMPTY_HEAD, withNext } from './conversation-head.js';
import { decideGroupSend } from './decide-group-send.js';
import { type GroupFacts, refuseRead, refuseSend } from './group-rules.js';
import { type MessageFacts, MessageFlag } from './message-facts.js';
import { peerCount } from './unread.js';

const { CallerRole } = optionsv1;
const { Role } = groupv1;
const APP = 7 as AppId;
const ALICE = 'alice' as UserId;
const body = new TextEncoder().encode('[{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi"}}]');

function draft(more: object = {}, role = CallerRole.USER, from = ALICE, groupId = 'g') {
  const request = create(messagev1.SendRequestSchema, { clientMessageId: 'id', body, ...more });
  return decideGroupSend(
    request,
    { from, groupId: groupId as GroupId },
    { appId: APP, role, connectionId: undefined, codes: GROUP_CODES },
  );
}

const FACTS: GroupFacts = {
  exists: true,
  type: 'Public',
  isMember: true,
  role: Role.MEMBER,
  mutedUntilS: 0,
  muteAll: false,
  storesHistory: true,
  countsUnread: true,
  takesTargeted: true,
  takesAtAll: true,
  takesRecall: true,
  takesReceipts: true,
  rateMax: 40,
  byRights: false,
  maySend: false,
  mayAtAll: false,
  mayReadPast: false,
  mayRecallOthers: false,
  memberNum: 2,
};

describe('a message to a group', () => {
  it('has an identity that no other sender, group or kind of name can have', () => {
    const key = (one: ReturnType<typeof draft>) => one.identity?.reservation;
    const keys = [
      draft(),
      draft({}, CallerRole.USER, 'a' as UserId),
      draft({ clientMessageId: 'lice:c:id' }, CallerRole.USER, 'a' as UserId),
      draft({}, CallerRole.USER, ALICE, 'h'),
      draft({ clientMessageId: '', dedupKey: 'id' }, CallerRole.ADMIN),
    ].map(key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(key(draft())).toBe(keys[0]);
    expect(draft().msgSeq).toBe(draft().msgSeq);
  });

  it('goes to the room, or to sender and named members, each once', () => {
    expect(isForRoom(draft())).toBe(true);
    const named = draft({ toAccounts: ['bob', 'alice', 'bob'] });
    expect(isForRoom(named)).toBe(false);
    expect(pushReceivers(named)).toEqual(['alice', 'bob']);
  });

  it('is counted by one number, unless it is a tip or for some only', () => {
    const facts = (seq: number, more: Partial<MessageFacts> = {}): MessageFacts => ({
      seq: BigInt(seq),
      from: ALICE,
      to: 'g' as GroupId,
      type: messagev1.ConversationType.GROUP,
      timeMs: 1,
      msgSeq: 1,
      random: 1,
      flags: 0,
      numberedAtMs: 1,
      countFromFirst: 0n,
      countFromSecond: 0n,
      toAccounts: [],
      hasMentions: false,
      groupFieldBytes: 0,
      version: 0n,
      ...more,
    });
    const said = [
      facts(1),
      facts(2, { from: 'zoe' as UserId }),
      facts(3, { flags: MessageFlag.SYSTEM }),
      facts(4, { toAccounts: ['bob'] }),
      facts(5, { flags: MessageFlag.NO_UNREAD }),
      facts(6, { flags: MessageFlag.NO_LAST }),
      // A group may be called as its sender is.
      facts(7, { to: ALICE }),
    ];
    const head = said.reduce(
      (before, one, index) => withNext(before, { offset: BigInt(index), appendedAtMs: 1, facts: one }, 1),
      EMPTY_HEAD,
    );
    expect(head).toMatchObject({
      countFromFirst: 4n,
      countFromSecond: 0n,
      lastSeqFirst: 7n,
      lastSeqSecond: 4n,
    });
    expect(peerCount(head, conversationOf(APP, ALICE, 'zoe' as UserId), ALICE)).toBe(0n);
  });
});

describe('who may', () => {
  const codeOf = (facts: Partial<GroupFacts>, more: object = {}, role = CallerRole.USER) =>
    refuseSend({ ...FACTS, ...facts }, draft(more, role), { role, nowMs: 50_000 })?.code;

  it.each<[string, Partial<GroupFacts>, object, ErrorCode | undefined]>([
    ['a member', {}, {}, undefined],
    ['nobody where nothing is', { exists: false, isMember: false }, {}, ErrorCode.GROUP_NOT_FOUND],
    ['a stranger', { isMember: false }, {}, ErrorCode.GROUP_NO_PERMISSION],
    ['a muted one', { mutedUntilS: 51 }, {}, ErrorCode.GROUP_MUTED],
    ['one who was muted', { mutedUntilS: 50 }, {}, undefined],
    ['a member of the muted', { muteAll: true }, {}, ErrorCode.GROUP_MUTED],
    ['an admin of the muted', { muteAll: true, role: Role.ADMIN }, {}, undefined],
    ['the owner of the muted', { muteAll: true, role: Role.OWNER }, {}, undefined],
    ['a muted admin', { mutedUntilS: 51, role: Role.ADMIN }, {}, ErrorCode.GROUP_MUTED],
    ['to name members', { takesTargeted: false }, { toAccounts: ['b'] }, ErrorCode.GROUP_NO_PERMISSION],
    ['to mention all', { takesAtAll: false }, { atAll: true }, ErrorCode.GROUP_NO_PERMISSION],
    ['to mention some', { takesAtAll: false }, { atAccounts: ['b'] }, undefined],
    ['without the right to', { byRights: true }, {}, ErrorCode.GROUP_NO_PERMISSION],
    ['with the right to', { byRights: true, maySend: true }, {}, undefined],
    ['all, unentitled', { byRights: true, maySend: true }, { atAll: true }, ErrorCode.GROUP_NO_PERMISSION],
    ['all, entitled', { byRights: true, maySend: true, mayAtAll: true }, { atAll: true }, undefined],
    ['muted and unentitled', { byRights: true, mutedUntilS: 51 }, {}, ErrorCode.GROUP_MUTED],
    ['no last', { storesHistory: false }, { flags: MessageFlag.NO_LAST }, ErrorCode.GROUP_BAD_PARAMETER],
    ['no unread', { countsUnread: false }, { flags: MessageFlag.NO_UNREAD }, ErrorCode.GROUP_BAD_PARAMETER],
    ['no last, uncounted', { countsUnread: false }, { flags: MessageFlag.NO_LAST }, undefined],
  ])('send: %s', (_, facts, more, code) => {
    expect(codeOf(facts, more)).toBe(code);
  });

  it('send: admins everywhere but where nothing is, services whatever the type', () => {
    const outside = { isMember: false, muteAll: true, mutedUntilS: 99 };
    expect(codeOf(outside, {}, CallerRole.ADMIN)).toBeUndefined();
    expect(codeOf({ exists: false }, {}, CallerRole.ADMIN)).toBe(ErrorCode.GROUP_NOT_FOUND);
    expect(codeOf({ takesAtAll: false }, { atAll: true }, CallerRole.ADMIN)).toBe(
      ErrorCode.GROUP_NO_PERMISSION,
    );
    const tip = { flags: MessageFlag.SYSTEM | MessageFlag.NO_UNREAD, toAccounts: ['b'] };
    expect(codeOf({ takesTargeted: false, storesHistory: false }, tip, CallerRole.SERVICE)).toBeUndefined();
  });

  it('read: members, and admins', () => {
    expect(refuseRead(FACTS, CallerRole.USER)).toBeUndefined();
    const outside = { ...FACTS, isMember: false };
    expect(refuseRead(outside, CallerRole.USER)?.code).toBe(ErrorCode.GROUP_NO_PERMISSION);
    expect(refuseRead(outside, CallerRole.ADMIN)).toBeUndefined();
    expect(refuseRead({ ...FACTS, exists: false }, CallerRole.ADMIN)?.code).toBe(ErrorCode.GROUP_NOT_FOUND);
  });
});
