// What a test server's groups say: tips in the group, notices to persons, events to whoever is connected.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { groupv1, messagev1 } from '@parley/proto';
import type { GroupVoice } from './group-model.js';
import type { ProtocolServer } from './protocol-server.js';

/** Who says tips and notices. */
const SYSTEM_USER = '@TIM#SYSTEM';

const { GROUP, C2C } = messagev1.ConversationType;
const { SYSTEM, NO_UNREAD } = messagev1.MessageFlag;

type Part = MessageInitShape<typeof messagev1.SendRequestSchema>;

export function createPlatformVoice(server: ProtocolServer): GroupVoice {
  const { model } = server;
  let sends = 0;
  const say = (part: Part, elementType: string, content: object) => {
    const body = new TextEncoder().encode(JSON.stringify([{ MsgType: elementType, MsgContent: content }]));
    const request = create(messagev1.SendRequestSchema, part);
    sends += 1;
    Object.assign(request, { body, clientMessageId: `p${model.now()}-${sends}` });
    server.pushMessage(model.send(SYSTEM_USER, request, !server.groups.isLive(request.to)).message);
  };
  return {
    open: ({ groupId, type }, user) => model.openGroup(groupId, user, type === 'ChatRoom'),
    close: ({ groupId }, user) => model.closeGroup(groupId, user),
    tip: ({ groupId }, content) =>
      say({ to: groupId, type: GROUP, flags: SYSTEM | NO_UNREAD }, 'TIMGroupTipElem', content),
    notify: (user, { groupId, name, type }, content) => {
      const named = { Operator_Account: '', GroupId: groupId, GroupName: name, GroupType: type };
      const part = { to: user, type: C2C, flags: SYSTEM };
      say(part, 'TIMGroupSystemNoticeElem', { ...named, ...content });
    },
    tellEvent: ({ groupId }, event) =>
      server.pushToRoom(groupId, {
        case: 'group',
        value: create(groupv1.GroupEventSchema, { groupId, event }),
      }),
  };
}
