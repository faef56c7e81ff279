import { ErrorCode, isUserId, mapBounded, TARGETS_PER_BATCH_MAX } from '@parley/kernel';
import { type Envelope, failed, succeeded, succeededPartly } from '../../envelope.js';
import { eachText, requiredList } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import { CALLS_PER_SECOND, defineCommand, type RequestScope } from '../command.js';
import { type CodeMap, OPENIM_FAMILY, toPublicError } from '../error-family.js';
import { msgIdOf, msgKeyOf, msgTimeOf } from './message-identity.js';
import {
  type IdentifiedMessage,
  type OutgoingMessage,
  parseOutgoing,
  toSendRequest,
} from './outgoing-message.js';

interface BatchSend {
  readonly to: readonly string[];
  readonly message: OutgoingMessage;
}

interface Refusal {
  readonly to: string;
  readonly code: ErrorCode;
  readonly info: string;
}

interface BatchOutcome {
  readonly message: IdentifiedMessage;
  /** Server time of the first receiver's message; undefined when nobody got it. */
  readonly timeMs: bigint | undefined;
  readonly refusals: readonly Refusal[];
}

/** Sends in flight for one batch; ours: keeps the log's batches full without crowding out other callers. */
const SENDS_IN_FLIGHT_MAX = 64;

/** What the message service says of a receiver, as the batch's documentation names it. */
const ITEM_CODES: CodeMap = new Map([
  [ErrorCode.BODY_TOO_LONG, ErrorCode.BATCH_MESSAGE_TOO_LONG],
  [ErrorCode.TO_ACCOUNT_INVALID, ErrorCode.ACCOUNT_NOT_FOUND],
  [ErrorCode.TO_ACCOUNT_UNKNOWN, ErrorCode.ACCOUNT_NOT_FOUND],
]);

/** Sends one message to up to 500 users; each is its own one-to-one message with the same MsgSeq and MsgRandom. */
export const batchsendmsg = defineCommand<BatchSend, BatchOutcome>({
  path: 'openim/batchsendmsg',
  perSecondMax: CALLS_PER_SECOND,
  family: OPENIM_FAMILY,

  parse: (body, caller) => ({
    to: receiversOf(body),
    message: parseOutgoing(body, caller, {
      tooLong: ErrorCode.BATCH_MESSAGE_TOO_LONG,
      refusesEmptyFrom: true,
    }),
  }),

  async call({ to, message }, scope) {
    await scope.tools.countBatchReceivers(scope.caller.appId, to.length);
    return sendToAll(to, { ...message, msgSeq: message.msgSeq ?? scope.tools.randomMsgSeq() }, scope);
  },

  render: renderOutcome,
});

/** Each receiver once, in the order given. @throws ChatError 90003, 90011, 90028 or 90029. */
function receiversOf(body: JsonObject): string[] {
  const items = requiredList(body, 'To_Account', {
    codes: {
      notArray: ErrorCode.BATCH_TO_NOT_ARRAY,
      tooFew: ErrorCode.BATCH_TO_EMPTY,
      tooMany: ErrorCode.TOO_MANY_TARGETS,
    },
    bounds: { min: 1, max: TARGETS_PER_BATCH_MAX },
  });
  return [...new Set(eachText(items, 'To_Account', ErrorCode.TO_ACCOUNT_INVALID))];
}

async function sendToAll(
  to: readonly string[],
  message: IdentifiedMessage,
  scope: RequestScope,
): Promise<BatchOutcome> {
  const results = await mapBounded(to, SENDS_IN_FLIGHT_MAX, (receiver) =>
    sendToOne(receiver, message, scope),
  );
  return {
    message,
    timeMs: results.find((result) => typeof result === 'bigint'),
    refusals: results.filter((result) => typeof result !== 'bigint'),
  };
}

async function sendToOne(
  to: string,
  message: IdentifiedMessage,
  scope: RequestScope,
): Promise<bigint | Refusal> {
  if (!isUserId(to)) return { to, code: ErrorCode.ACCOUNT_NOT_FOUND, info: 'no such account' };
  try {
    return (await scope.tools.messages.send(toSendRequest(message, to), scope.context)).timeMs;
  } catch (thrown) {
    const { code, info } = toPublicError(thrown, OPENIM_FAMILY, ITEM_CODES);
    return { to, code, info };
  }
}

function renderOutcome({ message, timeMs, refusals }: BatchOutcome): Envelope {
  const errorList = refusals.map(({ to, code }) => ({ To_Account: to, ErrorCode: code }));
  if (timeMs === undefined) return renderTotalFailure(refusals, errorList);
  const names = { msgSeq: message.msgSeq, random: message.random, msgTime: msgTimeOf(timeMs) };
  const fields = { MsgKey: msgKeyOf(names), MsgId: msgIdOf(message.from, names) };
  return errorList.length === 0 ? succeeded(fields) : succeededPartly({ ...fields, ErrorList: errorList });
}

/** Nobody got it: 90012 when no receiver has an account, otherwise what refused the first receiver that has one. */
function renderTotalFailure(refusals: readonly Refusal[], errorList: readonly unknown[]): Envelope {
  const other = refusals.find(({ code }) => code !== ErrorCode.ACCOUNT_NOT_FOUND);
  if (other === undefined) {
    return failed(ErrorCode.TO_ACCOUNT_UNKNOWN, 'invalid To_Account', { ErrorList: errorList });
  }
  return failed(other.code, other.info, { ErrorList: errorList });
}
