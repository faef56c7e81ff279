import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { badField, optionalText, requiredInteger } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { defineGroupCommand } from './group-command.js';
import { groupIdOf } from './group-fields.js';
import { BAN_DESCRIPTION_BYTES_MAX, BANS_PER_CALL_MAX } from './group-limits.js';
import { membersOf } from './member-fields.js';

type BanRequest = MessageInitShape<typeof groupv1.BanMembersRequestSchema>;

const BAD = ErrorCode.GROUP_BAD_PARAMETER;

/** Keeps users out of a group for a time. */
export const banGroupMember = defineGroupCommand<BanRequest, unknown>({
  path: 'group_open_http_svc/ban_group_member',
  parse: (body) => ({
    ...bannedOf(body),
    seconds: requiredInteger(body, 'Duration', { code: BAD, min: 1 }),
    description: descriptionOf(body),
  }),
  call: (request, { tools, context }) => tools.groups.banMembers(request, context),
  render: () => succeeded(),
});

/** Lifts bans; who is not banned is no error. */
export const unbanGroupMember = defineGroupCommand<BanRequest, unknown>({
  path: 'group_open_http_svc/unban_group_member',
  parse: (body) => ({ ...bannedOf(body), seconds: 0 }),
  call: (request, { tools, context }) => tools.groups.banMembers(request, context),
  render: () => succeeded(),
});

const bannedOf = (body: JsonObject) => ({
  groupId: groupIdOf(body),
  userIds: membersOf(body, 'Members_Account', BANS_PER_CALL_MAX),
});

function descriptionOf(body: JsonObject): string {
  const description = optionalText(body, 'Description', BAD) ?? '';
  if (Buffer.byteLength(description) <= BAN_DESCRIPTION_BYTES_MAX) return description;
  throw badField(BAD, 'Description', `takes at most ${BAN_DESCRIPTION_BYTES_MAX} bytes`);
}
