// A message as one line of a conversation list.
import { TYPES } from '../constants/types.js';
import type { LastMessage } from '../model/conversation.js';
import type { Message } from '../model/message.js';

const NAMES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [TYPES.MSG_FACE, '[Face]'],
  [TYPES.MSG_LOCATION, '[Location]'],
  [TYPES.MSG_IMAGE, '[Image]'],
  [TYPES.MSG_AUDIO, '[Voice]'],
  [TYPES.MSG_VIDEO, '[Video]'],
  [TYPES.MSG_FILE, '[File]'],
  [TYPES.MSG_MERGER, '[Chat History]'],
  [TYPES.MSG_GRP_TIP, '[Group Tip]'],
  [TYPES.MSG_GRP_SYS_NOTICE, '[Group Notice]'],
]);

export function toPreviewText(message: Message): string {
  if (message.isRevoked) return '';
  if (message.type === TYPES.MSG_TEXT) return message.payload.text;
  return NAMES.get(message.type) ?? '[Custom Message]';
}

export function toLastMessage(message: Message): LastMessage {
  return {
    lastTime: message.time,
    lastSequence: message.sequence,
    fromAccount: message.from,
    messageForShow: toPreviewText(message),
    type: message.type,
    payload: message.payload,
    nick: message.nick,
    nameCard: message.nameCard,
    isRevoked: message.isRevoked,
    isPeerRead: message.isPeerRead,
    revoker: message.revoker,
    cloudCustomData: message.cloudCustomData,
    messageID: message.ID,
  };
}

export const NO_LAST_MESSAGE: Readonly<LastMessage> = {
  lastTime: 0,
  lastSequence: 0,
  fromAccount: '',
  messageForShow: '',
  type: '',
  payload: null,
  nick: '',
  nameCard: '',
  isRevoked: false,
  isPeerRead: false,
  revoker: '',
  cloudCustomData: '',
  messageID: '',
};
