// At REST: requests that are whole HTTP and come from an admin, and are wrong all the same.
import { APP_ID, sigFor } from '../harness/world-on-server.js';
import type { Doors, Row } from './row.js';

export const ADMIN = 'administrator';

export interface Call {
  readonly path?: string;
  /** Changes to the usual parameters; undefined leaves one out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Appended to the query as it is. */
  readonly extra?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** A usual signature takes time to make, and one will do for all. */
const adminSig = sigFor(ADMIN);

export function queryOf({ query, extra = '' }: Call): string {
  const usual = {
    sdkappid: `${APP_ID}`,
    identifier: ADMIN,
    usersig: adminSig,
    random: '1',
    contenttype: 'json',
  };
  const entries = Object.entries({ ...usual, ...query }).filter(([, value]) => value !== undefined);
  return `${new URLSearchParams(entries as [string, string][])}${extra}`;
}

const SENDMSG = '/v4/openim/sendmsg';

/** The code of a refusal; every other answer is spelled out. */
export async function codeOf(doors: Doors, call: Call): Promise<string> {
  const url = `${doors.restUrl}${call.path ?? SENDMSG}?${queryOf(call)}`;
  const response = await fetch(url, { method: 'POST', body: call.body ?? '{}' });
  const text = await response.text();
  const envelope = JSON.parse(text) as { ErrorCode: number; ActionStatus: string; ErrorInfo: string };
  const isRefusal =
    envelope.ActionStatus === 'FAIL' && typeof envelope.ErrorInfo === 'string' && envelope.ErrorInfo !== '';
  if (!isRefusal) return `no refusal: ${text}`;
  return response.status === 200
    ? String(envelope.ErrorCode)
    : `HTTP ${response.status} ${envelope.ErrorCode}`;
}

const rest = (what: string, code: number | string, call: Call): Row => [
  what,
  String(code),
  (doors) => codeOf(doors, call),
];

const text = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'x' } }];
const element = (type: string, content: unknown) => ({ MsgType: type, MsgContent: content });
const custom = element('TIMCustomElem', { Data: 'x' });
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

/** A message that would be fine, but for the change. */
const message = (change: object): string =>
  JSON.stringify({ From_Account: 'alice', To_Account: 'bob', MsgRandom: 1, MsgBody: text, ...change });
const send = (what: string, code: number, change: object): Row => rest(what, code, { body: message(change) });
const batch = (what: string, code: number, change: object): Row =>
  rest(what, code, { path: '/v4/openim/batchsendmsg', body: message({ To_Account: ['bob'], ...change }) });
const command = (what: string, code: number, path: string, body: unknown): Row =>
  rest(what, code, { path: `/v4/${path}`, body: JSON.stringify(body) });

const userIds = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${index}`);

const BODIES: readonly Row[] = [
  rest('no JSON', 90001, { body: 'hello' }),
  rest('half a JSON', 90001, { body: '{"To_Account":' }),
  rest('an array', 90001, { body: '[]' }),
  rest('null', 90001, { body: 'null' }),
  rest('bytes that are no UTF-8', 90001, { body: Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d) }),
  rest('an empty body', 90001, { body: '' }),
  rest('JSON 5,000 levels deep', 90001, { body: `{"a":${nested(5_000)}}` }),
  rest('JSON 400,000 levels deep', 90001, { body: `{"a":${nested(400_000)}}` }),
  rest('900 KB that are no JSON', 90001, { body: `{"a":"${'x'.repeat(900_000)}"` }),
  rest('a body beyond 1 MiB', 'HTTP 413 93000', { body: `{"a":"${'x'.repeat(1_100_000)}"}` }),
  // Only what is nobody's own property counts as missing.
  rest('required fields on the prototype', 90003, {
    body: '{"__proto__":{"To_Account":"bob","MsgRandom":1},"From_Account":"alice"}',
  }),
  rest('fields of Object itself as elements', 90010, {
    body: message({ MsgBody: [element('constructor', {}), element('__proto__', {})] }),
  }),
  command('no JSON object for accounts', 60003, 'im_open_login_svc/account_import', 'alice'),
];

const PATHS: readonly Row[] = [
  rest('an unknown command', 60009, { path: '/v4/openim/destroy_everything' }),
  rest('an unknown service', 60009, { path: '/v4/nothing/sendmsg' }),
  rest('names of Object’s own', 60009, { path: '/v4/__proto__/constructor' }),
  rest('a path with dots', 60009, { path: '/v4/openim/..%2fsendmsg' }),
  rest('a path with a null byte', 60009, { path: '/v4/openim/sendmsg%00' }),
  rest('a slash too many', 60009, { path: '/v4/openim/sendmsg/' }),
  rest('another version', 'HTTP 404 60009', { path: '/v5/openim/sendmsg' }),
];

const QUERIES: readonly Row[] = [
  rest('no sdkappid', 60012, { query: { sdkappid: undefined } }),
  rest('an sdkappid that is a word', 60025, { query: { sdkappid: 'mine' } }),
  rest('an sdkappid in hexadecimal', 60025, { query: { sdkappid: '0x53724e01' } }),
  rest('an sdkappid beyond 32 bits', 60025, { query: { sdkappid: '5694967297' } }),
  rest('an sdkappid below zero', 60025, { query: { sdkappid: '-1' } }),
  rest('an sdkappid that nobody has', 70020, { query: { sdkappid: '1499999999' } }),
  rest('no identifier', 60025, { query: { identifier: undefined } }),
  rest('no usersig', 60025, { query: { usersig: undefined } }),
  rest('no contenttype', 60025, { query: { contenttype: undefined } }),
  rest('another contenttype', 60025, { query: { contenttype: 'xml' } }),
  rest('two sdkappids', 60025, { extra: '&sdkappid=1' }),
  rest('two identifiers', 60025, { extra: '&identifier=alice' }),
  rest('two usersigs', 60025, { extra: '&usersig=x' }),
  rest('an identifier that is no UTF-8', 60025, {
    query: { identifier: undefined },
    extra: '&identifier=%ff',
  }),
  rest('an identifier of 33 bytes', 60025, { query: { identifier: 'x'.repeat(33) } }),
  rest('an identifier that is no admin', 60010, { query: { identifier: 'alice', usersig: sigFor('alice') } }),
];

const MESSAGES: readonly Row[] = [
  send('a sender that is a number', 90008, { From_Account: 7 }),
  send('a sender nobody knows', 90008, { From_Account: 'nobody-here' }),
  send('a receiver that is a number', 90003, { To_Account: 7 }),
  send('a receiver that is missing', 90003, { To_Account: undefined }),
  send('a receiver that is a list', 90003, { To_Account: ['bob'] }),
  send('an empty receiver', 90003, { To_Account: '' }),
  send('a receiver nobody knows', 90012, { To_Account: 'nobody-here' }),
  send('a receiver of 33 bytes', 90003, { To_Account: 'x'.repeat(33) }),
  send('a receiver with a control character', 90003, { To_Account: 'bo\u0000b' }),
  send('a receiver that is no ASCII', 90003, { To_Account: 'böb' }),
  send('no MsgRandom', 90005, { MsgRandom: undefined }),
  send('a MsgRandom that is text', 90005, { MsgRandom: 'one' }),
  send('a MsgRandom beyond 32 bits', 90005, { MsgRandom: 2 ** 32 }),
  send('a MsgSeq below zero', 90004, { MsgSeq: -1 }),
  send('a MsgBody that is an object', 90007, { MsgBody: {} }),
  send('an empty MsgBody', 90002, { MsgBody: [] }),
  send('an element that is a number', 90002, { MsgBody: [1] }),
  send('an element without content', 90010, { MsgBody: [{ MsgType: 'TIMTextElem' }] }),
  send('an element of an unknown type', 90010, { MsgBody: [element('TIMBomb', {})] }),
  send('a text that is a number', 90010, { MsgBody: [element('TIMTextElem', { Text: 7 })] }),
  send('two custom elements', 90002, { MsgBody: [custom, custom] }),
  send('201 elements', 90002, { MsgBody: Array(201).fill(element('TIMCustomElem', {})) }),
  send('a text of 13,000 bytes', 93000, { MsgBody: [element('TIMTextElem', { Text: 'x'.repeat(13_000) })] }),
  send('13,000 bytes of CloudCustomData', 93000, { CloudCustomData: 'x'.repeat(13_000) }),
  send('CloudCustomData that is a number', 90010, { CloudCustomData: 7 }),
  send('a SyncOtherMachine that is text', 90031, { SyncOtherMachine: 'yes' }),
  send('a MsgLifeTime that is text', 90044, { MsgLifeTime: 'long' }),
  send('a MsgLifeTime below zero', 90044, { MsgLifeTime: -1 }),
  send('an OfflinePushInfo that is text', 90043, { OfflinePushInfo: 'loud' }),
  send('a SendMsgControl that is text', 90010, { SendMsgControl: 'NoUnread' }),
];

const COMMANDS: readonly Row[] = [
  batch('a batch to a text', 90028, { To_Account: 'bob' }),
  batch('a batch to nobody', 90029, { To_Account: [] }),
  batch('a batch to numbers', 90003, { To_Account: [1, 2] }),
  batch('501 targets', 90011, { To_Account: userIds(501) }),
  batch('13,000 bytes to many', 90055, { MsgBody: [element('TIMTextElem', { Text: 'x'.repeat(13_000) })] }),
  command('101 accounts', 70206, 'im_open_login_svc/multiaccount_import', { Accounts: userIds(101) }),
  command('no accounts', 70206, 'im_open_login_svc/multiaccount_import', { Accounts: [] }),
  command('accounts that are numbers', 60015, 'im_open_login_svc/multiaccount_import', { Accounts: [1] }),
  command('an account of 33 bytes', 70402, 'im_open_login_svc/account_import', { UserID: 'x'.repeat(33) }),
  command('an account with a line break', 70402, 'im_open_login_svc/account_import', { UserID: 'a\nb' }),
  command('a nick of 600 bytes', 40601, 'im_open_login_svc/account_import', {
    UserID: 'nick',
    Nick: 'x'.repeat(600),
  }),
  command('a kick of nobody', 70107, 'im_open_login_svc/kick', { UserID: 'nobody-here' }),
  command('the status of 501', 90011, 'openim/query_online_status', { To_Account: userIds(501) }),
  command('a history of no messages', 90001, 'openim/admin_getroammsg', {
    ...{ Operator_Account: 'alice', Peer_Account: 'bob', MaxCnt: 0, MinTime: 0, MaxTime: 1 },
  }),
  command('a history from a key that is none', 90054, 'openim/admin_getroammsg', {
    ...{ Operator_Account: 'alice', Peer_Account: 'bob', MaxCnt: 1, MinTime: 0, MaxTime: 1 },
    LastMsgKey: '../../etc/passwd',
  }),
  command('unread of eleven', 90001, 'openim/get_c2c_unread_msg_num', {
    ...{ To_Account: 'alice', Peer_Account: userIds(11) },
  }),
  command('a time of reading before time', 90001, 'openim/admin_set_msg_read', {
    ...{ Report_Account: 'alice', Peer_Account: 'bob', MsgReadTime: -1 },
  }),
  command('an import without a time', 90006, 'openim/importmsg', {
    ...{ SyncFromOldSystem: 2, From_Account: 'alice', To_Account: 'bob', MsgRandom: 1, MsgBody: text },
  }),
  command('an import of another kind', 90030, 'openim/importmsg', {
    ...{ SyncFromOldSystem: 9, From_Account: 'alice', To_Account: 'bob', MsgRandom: 1, MsgBody: text },
    MsgTimeStamp: 1_600_000_000,
  }),
];

export const REST_ROWS: readonly Row[] = [...BODIES, ...PATHS, ...QUERIES, ...MESSAGES, ...COMMANDS];
