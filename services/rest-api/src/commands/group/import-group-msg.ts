import type { MessageInitShape } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { succeeded } from '../../envelope.js';
import { eachObject, optionalInteger, requiredInteger, requiredList } from '../../json/fields.js';
import type { JsonObject } from '../../json/json-body.js';
import type { RequestScope } from '../command.js';
import { contentOf } from '../openim/message-fields.js';
import { contentCrc } from '../openim/message-identity.js';
import { defineGroupCommand } from './group-command.js';
import { loadGroup } from './group-facts.js';
import { groupIdOf, groupOrTopicOf, optionalFlag } from './group-fields.js';
import { isLive } from './group-json.js';
import { MESSAGES_PER_IMPORT_MAX } from './group-limits.js';
import { CONTENT_CODES } from './group-message.js';
import { memberOf } from './member-fields.js';

type ImportRequest = MessageInitShape<typeof messagev1.ImportRequestSchema>;

interface ImportItem {
  readonly timeS: number;
  /** Undefined: the message is too long, which is its own result. */
  readonly request: ImportRequest | undefined;
}

interface Import {
  readonly groupId: string;
  readonly items: readonly ImportItem[];
}

interface Result {
  readonly MsgSeq: number;
  readonly MsgTime: number;
  readonly Result: number;
}

const BAD = ErrorCode.GROUP_BAD_PARAMETER;
const TOO_LONG = ErrorCode.MESSAGE_TOO_LONG;

/** What the message service says of one message, as the result of its item; anything else ends the command. */
const ITEM_CODES: ReadonlyMap<ErrorCode, ErrorCode> = new Map([
  [BAD, BAD],
  [ErrorCode.GROUP_ACCOUNT_NOT_FOUND, ErrorCode.GROUP_ACCOUNT_NOT_FOUND],
  [ErrorCode.GROUP_IMPORT_TOO_LONG, TOO_LONG],
  [TOO_LONG, TOO_LONG],
]);

/**
 * Brings messages of another system in, with their times; each has its own result. A time before the message ahead of
 * it is the message service's to refuse, which knows what was brought in before.
 */
export const importGroupMsg = defineGroupCommand<Import, readonly Result[]>({
  path: 'group_open_http_svc/import_group_msg',

  parse(body) {
    const target = groupOrTopicOf(body);
    const notLast = !(optionalFlag(body, 'RecentContactFlag') ?? false);
    const list = requiredList(body, 'MsgList', {
      codes: { notArray: BAD, tooFew: BAD, tooMany: BAD },
      bounds: { min: 1, max: MESSAGES_PER_IMPORT_MAX },
    });
    const items = eachObject(list, 'MsgList', BAD).map((item) => itemOf(item, { to: target, notLast }));
    return { groupId: groupIdOf(body), items };
  },

  async call({ groupId, items }, scope) {
    const group = await loadGroup(scope, groupId);
    if (isLive(group)) {
      throw new ChatError(ErrorCode.GROUP_NO_PERMISSION, 'a live group keeps no messages');
    }
    const results: Result[] = [];
    // One after the other: their order is the order of their numbers.
    for (const item of items) results.push(await importOne(item, group.createTimeS, scope));
    return results;
  },

  render: (results) => succeeded({ ImportMsgResult: results }),
});

function itemOf(item: JsonObject, shared: Pick<ImportRequest, 'to' | 'notLast'>): ImportItem {
  const from = memberOf(item, 'From_Account');
  const timeS = requiredInteger(item, 'SendTime', { code: BAD });
  const random = optionalInteger(item, 'Random', { code: BAD }) ?? 0;
  try {
    const content = contentOf(item, CONTENT_CODES);
    const type = messagev1.ConversationType.GROUP;
    // A repeated import is recognised by its number of the old system: the content stands for it.
    const msgSeq = contentCrc(content) || 1;
    return { timeS, request: { ...shared, from, type, timeS, random, msgSeq, ...content } };
  } catch (thrown) {
    if (ChatError.from(thrown).code === TOO_LONG) return { timeS, request: undefined };
    throw thrown;
  }
}

async function importOne(
  { timeS, request }: ImportItem,
  createTimeS: number,
  { tools, context }: RequestScope,
): Promise<Result> {
  const refused = (code: ErrorCode): Result => ({ MsgSeq: 0, MsgTime: timeS, Result: code });
  if (request === undefined) return refused(TOO_LONG);
  if (timeS < createTimeS || timeS * 1_000 >= tools.clock.now()) return refused(BAD);
  try {
    const { seq } = await tools.messages.import(request, context);
    return { MsgSeq: Number(seq), MsgTime: timeS, Result: 0 };
  } catch (thrown) {
    const error = ChatError.from(thrown);
    const code = ITEM_CODES.get(error.code);
    if (code !== undefined) return refused(code);
    if (error.code !== ErrorCode.GROUP_TYPE_WITHOUT_HISTORY) throw thrown;
    throw new ChatError(ErrorCode.GROUP_NO_PERMISSION, error.info, { cause: thrown });
  }
}
