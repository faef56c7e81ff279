// How tips and notices are sent: as messages of the platform, each under a name that its copies share.
import { type AppId, ChatError, ErrorCode, SYSTEM_USER_ID } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';
import { SERVICE_NAME } from '../changing/carry-out.js';

export interface Telling {
  readonly appId: AppId;
  readonly to: string;
  readonly type: messagev1.ConversationType;
  readonly elementType: 'TIMGroupTipElem' | 'TIMGroupSystemNoticeElem';
  readonly content: object;
  readonly flags: number;
  readonly dedupKey: string;
}

/** Refusals that no retry changes: the group or the person is gone, or takes nothing. */
const isFinal = (error: ChatError): boolean => !error.isRetryable && error.code !== ErrorCode.INTERNAL;

export type MessageClient = Pick<Client<typeof messagev1.MessageService>, 'send'>;

/** Resolves with the refusal when nobody is left to be told. @throws ChatError when a retry may help. */
export async function tell(messages: MessageClient, telling: Telling): Promise<ChatError | undefined> {
  const element = { MsgType: telling.elementType, MsgContent: telling.content };
  const request = {
    from: SYSTEM_USER_ID,
    to: telling.to,
    type: telling.type,
    body: new TextEncoder().encode(JSON.stringify([element])),
    flags: telling.flags,
    dedupKey: telling.dedupKey,
  };
  try {
    await messages.send(request, serviceContext(telling.appId, SERVICE_NAME));
    return undefined;
  } catch (thrown) {
    const error = ChatError.from(thrown);
    if (isFinal(error)) return error;
    throw error;
  }
}
