// The calls about groups, answered by a GroupModel.
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import { GROUP_METHOD } from '../calls/group-method.js';
import type { GroupModel, ModelGroup } from './group-model.js';
import { Refusal } from './refusal.js';

export type GroupMethodName = keyof typeof GROUP_METHOD;

export const isGroupMethod = (name: string): name is GroupMethodName => name in GROUP_METHOD;

/** Who calls. */
export interface GroupCaller {
  readonly user: string;
  enterRoom(groupID: string): void;
  leaveRoom(groupID: string): void;
}

type Handler<N extends GroupMethodName> = (
  model: GroupModel,
  request: MessageShape<(typeof GROUP_METHOD)[N]['input']>,
  caller: GroupCaller,
) => MessageInitShape<(typeof GROUP_METHOD)[N]['output']>;

const { AttributeMode, CounterMode, JoinOption, JoinStatus, MemberResult } = groupv1;
const { SUCCESS, ALREADY_MEMBER, WAITING } = JoinStatus;

const attributesOf = ({ attributes, mainSeq }: ModelGroup) => ({
  attributes: [...attributes].map(([key, value]) => ({ key, value })),
  mainSeq,
});

const HANDLERS: { readonly [N in GroupMethodName]: Handler<N> } = {
  createGroup: (model, request, { user }) => ({ group: model.create(user, request).group }),
  getGroups: (model, { groupIds }, { user }) => ({
    groups: groupIds.map((groupId) => {
      const found = model.groups.get(groupId);
      if (found === undefined) return { groupId, code: 10010, info: 'the group does not exist' };
      const self = found.members.get(user);
      return { groupId, group: found.group, ...(self && { self }) };
    }),
  }),
  modifyGroup: (model, { groupId, fields }, { user }) => ({
    group: model.modify(groupId, user, fields ?? create(groupv1.GroupFieldsSchema)),
  }),
  destroyGroup: (model, { groupId }, { user }) => {
    model.requireLead(groupId, user);
    model.destroy(groupId);
    return {};
  },
  transferGroup: (model, { groupId, newOwner }, { user }) => {
    model.transfer(groupId, user, newOwner);
    return {};
  },
  listJoinedGroups: (model, { cursor, limit }, { user }) => {
    const all = model.joined(user);
    const start = Number(cursor || '0');
    const page = all.slice(start, start + limit);
    return {
      groups: page.map(({ group, members }) => ({ group, self: members.get(user) as groupv1.Member })),
      nextCursor: start + limit < all.length ? String(start + limit) : '',
    };
  },
  addMembers: (model, { groupId, members }, { user }) => {
    const known = model.requireMember(groupId, user).members;
    const results = members.map(({ userId }) => ({
      userId,
      result: known.has(userId) ? MemberResult.ALREADY_MEMBER : MemberResult.ADDED,
    }));
    const users = members.map(({ userId }) => userId);
    model.add(groupId, users, { operator: user, joinType: 2 });
    return { members: results };
  },
  removeMembers: (model, { groupId, userIds, reason }, { user }) => {
    model.requireLead(groupId, user);
    model.remove(groupId, userIds, { operator: user, reason });
    return {};
  },
  joinGroup: (model, { groupId, message }, caller) => join(model, { groupId, message }, caller),
  quitGroup: (model, { groupId }, caller) => {
    if (model.isLive(groupId)) {
      caller.leaveRoom(groupId);
      model.require(groupId).visitors.delete(caller.user);
    } else model.remove(groupId, [caller.user], { operator: caller.user });
    return {};
  },
  modifyMember: (model, request, { user }) => ({ member: model.modifyMember(user, request) }),
  listMembers: (model, { groupId, roles, cursor, limit, offset }, { user }) => {
    const { members } = model.requireMember(groupId, user);
    const all = [...members.values()].filter(({ role }) => roles.length === 0 || roles.includes(role));
    const start = cursor === '' ? offset : Number(cursor);
    const end = start + limit;
    const nextCursor = end < all.length ? String(end) : '';
    return { members: all.slice(start, end), nextCursor, memberNum: members.size };
  },
  getMembers: (model, { groupId, userIds }, { user }) => {
    const { members } = model.requireMember(groupId, user);
    return { members: userIds.flatMap((userId) => members.get(userId) ?? []) };
  },
  banMembers: (model, { groupId, userIds, description }, { user }) => {
    model.requireLead(groupId, user);
    model.remove(groupId, userIds, { operator: user, reason: description });
    return {};
  },
  listApplications: (model, _request, { user }) => ({
    applications: model
      .joined(user)
      .filter(({ group }) => group.owner === user)
      .flatMap(({ applications }) => [...applications.values()]),
  }),
  handleApplication: (model, request, { user }) => ({ group: model.decide(user, request) }),
  getAttributes: (model, { groupId, keys }, { user }) => {
    const { attributes, mainSeq } = attributesOf(model.requireMember(groupId, user));
    return { attributes: attributes.filter(({ key }) => keys.length === 0 || keys.includes(key)), mainSeq };
  },
  changeAttributes: (model, request, { user }) => changeAttributes(model, request, user),
  getCounters: (model, { groupId, keys }, { user }) => {
    const { counters } = model.requireMember(groupId, user);
    const wanted = [...counters].filter(([key]) => keys.length === 0 || keys.includes(key));
    return { counters: wanted.map(([key, value]) => ({ key, value })) };
  },
  changeCounters: (model, request, { user }) => changeCounters(model, request, user),
  pinMessage: (model, { groupId, msgSeq }, { user }) =>
    changePins(model, { groupId, msgSeq, pinned: true }, user),
  unpinMessage: (model, { groupId, msgSeq }, { user }) =>
    changePins(model, { groupId, msgSeq, pinned: false }, user),
  listPins: (model, { groupId }, { user }) => ({ pins: model.requireMember(groupId, user).pins }),
  listVisitors: (model, { groupId, mark, limit }) => {
    const { visitors, marks, group } = model.require(groupId);
    const wanted = [...visitors].filter((user) => mark === 0 || marks.get(user)?.has(mark) === true);
    const role = (userId: string) => (userId === group.owner ? groupv1.Role.OWNER : groupv1.Role.MEMBER);
    return {
      visitors: wanted
        .reverse()
        .slice(0, limit)
        .map((userId) => ({ userId, sinceMs: 1_000n, role: role(userId) })),
    };
  },
  markVisitors: (model, { groupId, userIds, marks, set }, { user }) => {
    const found = model.require(groupId);
    if (found.group.owner !== user) throw new Refusal(10007, 'the owner marks visitors');
    const done = userIds.filter((userId) => found.visitors.has(userId));
    for (const userId of done) {
      const ofUser = found.marks.get(userId) ?? new Set();
      for (const mark of marks)
        if (set) ofUser.add(mark);
        else ofUser.delete(mark);
      found.marks.set(userId, ofUser);
    }
    return { userIds: done };
  },
  countOnline: (model, { groupId }, { user }) => {
    const { members, visitors } = model.requireMember(groupId, user);
    return { count: model.isLive(groupId) ? visitors.size : members.size };
  },
};

function join(
  model: GroupModel,
  { groupId, message }: { groupId: string; message: string },
  caller: GroupCaller,
): MessageInitShape<typeof groupv1.JoinGroupResponseSchema> {
  const { group, members, visitors } = model.require(groupId);
  if (model.isLive(groupId)) {
    visitors.add(caller.user);
    caller.enterRoom(groupId);
    return { status: SUCCESS, group };
  }
  if (members.has(caller.user)) return { status: ALREADY_MEMBER, group };
  if (group.applyJoinOption === JoinOption.DISABLED) throw new Refusal(10007, 'nobody may apply');
  if (group.applyJoinOption === JoinOption.NEED_PERMISSION) {
    model.apply(groupId, caller.user, message);
    return { status: WAITING, group };
  }
  model.add(groupId, [caller.user], { operator: caller.user, joinType: 1 });
  return { status: SUCCESS, group };
}

function changeAttributes(model: GroupModel, request: groupv1.ChangeAttributesRequest, user: string) {
  const found = model.requireMember(request.groupId, user);
  if (request.mainSeq !== found.mainSeq) throw new Refusal(10056, 'somebody else changed the attributes');
  const { mode, attributes } = request;
  if (mode === AttributeMode.REPLACE || mode === AttributeMode.CLEAR) found.attributes.clear();
  for (const { key, value } of attributes) {
    if (mode === AttributeMode.DELETE) found.attributes.delete(key);
    else found.attributes.set(key, value);
  }
  found.mainSeq += 1n;
  const changed = create(groupv1.AttributesChangedSchema, attributesOf(found));
  model.voice.tellEvent(found.group, { case: 'attributesChanged', value: changed });
  return attributesOf(found);
}

function changeCounters(model: GroupModel, request: groupv1.ChangeCountersRequest, user: string) {
  const found = model.requireMember(request.groupId, user);
  const counters = request.counters.map(({ key, value }) => {
    const before = request.mode === CounterMode.SET ? 0n : (found.counters.get(key) ?? 0n);
    const after = request.mode === CounterMode.DECREASE ? before - value : before + value;
    found.counters.set(key, after);
    return { key, value: after };
  });
  const changed = create(groupv1.CountersChangedSchema, { counters });
  model.voice.tellEvent(found.group, { case: 'countersChanged', value: changed });
  return { counters };
}

function changePins(
  model: GroupModel,
  { groupId, msgSeq, pinned }: { groupId: string; msgSeq: bigint; pinned: boolean },
  user: string,
) {
  const found = model.requireLead(groupId, user);
  const isPinned = found.pins.some((pin) => pin.msgSeq === msgSeq);
  if (pinned && isPinned) throw new Refusal(10071, 'the message is pinned already');
  if (pinned && found.pins.length >= 10) throw new Refusal(10070, 'too many pinned messages');
  if (isPinned === pinned) return {};
  const left = found.pins.filter((pin) => pin.msgSeq !== msgSeq);
  found.pins = pinned ? [...left, { msgSeq, pinner: user }] : left;
  const changed = create(groupv1.PinsChangedSchema, { msgSeq, pinned, operator: user });
  model.voice.tellEvent(found.group, { case: 'pinsChanged', value: changed });
  return {};
}

/** @throws Refusal */
export function handleGroupCall(
  model: GroupModel,
  call: { readonly name: GroupMethodName; readonly request: Uint8Array },
  caller: GroupCaller,
): Uint8Array {
  const { input, output }: { input: DescMessage; output: DescMessage } = GROUP_METHOD[call.name];
  const handler = HANDLERS[call.name] as (
    model: GroupModel,
    request: unknown,
    caller: GroupCaller,
  ) => MessageInitShape<DescMessage>;
  return toBinary(output, create(output, handler(model, fromBinary(input, call.request), caller)));
}
