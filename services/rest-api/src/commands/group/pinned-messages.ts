// The commands of a group's pinned messages. Source: rest-groups.md 4.
import { ErrorCode, type GroupId } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { requiredInteger } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { defineGroupCommand } from './group-command.js';
import { groupOrTopicOf } from './group-fields.js';
import { optionalMember } from './member-fields.js';

interface PinRequest {
  readonly groupId: GroupId;
  readonly msgSeq: bigint;
  readonly operator: string;
}

const BAD = ErrorCode.GROUP_BAD_PARAMETER;

export const pinMessage = defineGroupCommand<PinRequest, unknown>({
  path: 'group_open_http_svc/pin_message',
  parse: (body) => pinOf(body, 'Pinner_Account'),
  call: (request, { tools, context }) => tools.groups.pinMessage(request, context),
  render: () => succeeded(),
});

export const unpinMessage = defineGroupCommand<PinRequest, unknown>({
  path: 'group_open_http_svc/unpin_message',
  parse: (body) => pinOf(body, 'UnPinner_Account'),
  call: (request, { tools, context }) => tools.groups.unpinMessage(request, context),
  render: () => succeeded(),
});

/** In the order in which they were pinned. */
export const getPinnedMessages = defineGroupCommand<string, groupv1.ListPinsResponse>({
  path: 'group_open_http_svc/get_pinned_messages',
  parse: groupOrTopicOf,
  call: (groupId, { tools, context }) => tools.groups.listPins({ groupId }, context),
  render: ({ pins }) =>
    succeeded({
      PinnedMsgList: pins.map(({ msgSeq, pinner }) => ({ MsgSeq: Number(msgSeq), Pinner_Account: pinner })),
    }),
});

const pinOf = (body: JsonObject, operator: string): PinRequest => ({
  groupId: groupOrTopicOf(body),
  msgSeq: BigInt(requiredInteger(body, 'MsgSeq', { code: BAD, min: 1 })),
  operator: optionalMember(body, operator) ?? '',
});
