// MessageService where it is about messages that grow; thin.
import type { messagev1 } from '@parley/proto';
import { actorOf, type ServiceHandlers } from '@parley/rpc';
import { GROUP_CODES } from '../domain/codes.js';
import type { StreamMessage } from '../use-cases/stream-message.js';
import { inCallersWords } from './answers.js';
import { type Acting, groupCall } from './change-handlers.js';

type Handlers = ServiceHandlers<typeof messagev1.MessageService>;

export const streamHandlers = (
  use: Acting & { readonly stream: StreamMessage },
): Pick<Handlers, 'streamMessage'> => ({
  streamMessage: (request, context) =>
    inCallersWords(context, GROUP_CODES, async (caller) => {
      const user = actorOf(context, request.from, GROUP_CODES.senderInvalid);
      const call = await groupCall(use, { groupId: request.groupId, context, caller });
      const { streamId, seq, timeMs } = await use.stream.run({ ...call, user, request });
      return { streamId, seq, timeMs: BigInt(timeMs) };
    }),
});
