import { randomUUID } from 'node:crypto';
import { ChatError, ErrorCode, MESSAGE_BYTES_MAX, mapBounded, SYSTEM_USER_ID } from '@parley/kernel';
import { type groupv1, messagev1 } from '@parley/proto';
import { serviceContext } from '@parley/rpc';
import { succeeded } from '../../envelope.js';
import { badField, requiredText } from '../../json/fields.js';
import type { RequestScope } from '../command.js';
import { defineGroupCommand } from './group-command.js';
import { loadGroup, loadMembers } from './group-facts.js';
import { groupIdOf, groupOrTopicOf } from './group-fields.js';
import { isLive } from './group-json.js';
import { NOTIFIED_MEMBERS_MAX } from './group-limits.js';
import type { SendRequest } from './group-message.js';
import { optionalMembers } from './member-fields.js';

interface Notification {
  readonly groupId: string;
  /** The group, or a topic of it. */
  readonly target: string;
  /** Empty: everybody. */
  readonly members: readonly string[];
  readonly content: string;
}

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const { ConversationType, MessageFlag: Flag } = messagev1;
const SENDS_IN_FLIGHT_MAX = 32;
/** ReportType of a notice that an app's back end words itself. Source: client-features.md 10.8. */
const CUSTOM_NOTICE = 16;

/**
 * Tells members something in the platform's name, outside the group's history. Named members, and all of a group of up
 * to 500, get it as a notice that waits for them; in larger and live groups those who are connected get it.
 */
export const sendGroupSystemNotification = defineGroupCommand<Notification, unknown>({
  path: 'group_open_http_svc/send_group_system_notification',

  parse: (body) => ({
    groupId: groupIdOf(body),
    target: groupOrTopicOf(body),
    members: optionalMembers(body, 'ToMembers_Account', NOTIFIED_MEMBERS_MAX),
    content: requiredText(body, 'Content', BAD),
  }),

  async call(notification, scope) {
    const group = await loadGroup(scope, notification.groupId);
    const content = encodeNotice(group, notification);
    const receivers = await receiversOf(group, notification, scope);
    if (receivers === undefined) return tellRoom(notification.target, content, scope);
    return tellEach(receivers, content, scope);
  },

  render: () => succeeded(),
});

/** @throws ChatError 80002. */
function encodeNotice(group: groupv1.Group, { groupId, target, content }: Notification): Uint8Array {
  const MsgContent = {
    ReportType: CUSTOM_NOTICE,
    GroupId: groupId,
    GroupName: group.name,
    GroupType: group.type,
    Operator_Account: '',
    UserDefinedField: content,
    ...(target === groupId ? {} : { TopicId: target }),
  };
  const body = Buffer.from(JSON.stringify([{ MsgType: 'TIMGroupSystemNoticeElem', MsgContent }]));
  if (body.length <= MESSAGE_BYTES_MAX) return body;
  throw new ChatError(
    ErrorCode.MESSAGE_TOO_LONG,
    `Content is too long for a message of ${MESSAGE_BYTES_MAX} bytes`,
  );
}

/** Undefined: whoever is connected. @throws ChatError 10004 for names in a live group. */
async function receiversOf(
  group: groupv1.Group,
  { groupId, members }: Notification,
  scope: RequestScope,
): Promise<string[] | undefined> {
  if (members.length > 0) {
    if (isLive(group))
      throw badField(BAD, 'ToMembers_Account', 'does not go with a live group: all are told');
    const answer = await scope.tools.groups.getMembers({ groupId, userIds: [...members] }, scope.context);
    return answer.members.map(({ userId }) => userId);
  }
  if (isLive(group) || group.memberNum > NOTIFIED_MEMBERS_MAX) return undefined;
  const all = await loadMembers(scope, { groupId, roles: [], offset: 0, limit: NOTIFIED_MEMBERS_MAX });
  return all.members.map(({ userId }) => userId);
}

function tellRoom(to: string, body: Uint8Array, scope: RequestScope): Promise<unknown> {
  const flags = Flag.SYSTEM | Flag.ONLINE_ONLY | Flag.NO_UNREAD | Flag.NO_LAST;
  return send({ to, type: ConversationType.GROUP, body, flags }, scope);
}

async function tellEach(receivers: readonly string[], body: Uint8Array, scope: RequestScope): Promise<void> {
  // The call to the message service may be made again; another request is another notice.
  const dedupKey = `notice:${randomUUID()}`;
  await mapBounded(receivers, SENDS_IN_FLIGHT_MAX, async (to) => {
    try {
      await send({ to, type: ConversationType.C2C, body, flags: Flag.SYSTEM, dedupKey }, scope);
    } catch (thrown) {
      // Deleted a moment ago: nobody is there to be told.
      if (ChatError.from(thrown).code !== ErrorCode.TO_ACCOUNT_UNKNOWN) throw thrown;
    }
  });
}

/** Only the platform itself may speak in its name. */
function send(request: SendRequest, { caller, context, tools }: RequestScope): Promise<unknown> {
  const platform = { ...context, ...serviceContext(caller.appId, caller.identifier) };
  return tools.messages.send({ from: SYSTEM_USER_ID, ...request }, platform);
}
