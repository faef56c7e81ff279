// Bodies, and refusals that every command with a message has in common.
import type { RefusalRow } from './harness.js';

export const MSG_BODY = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }];
export const BODY_JSON = JSON.stringify(MSG_BODY);

/** A body whose JSON has exactly this many bytes. */
export const bodyOf = (bytes: number) => {
  const frame = JSON.stringify([{ MsgType: 'TIMTextElem', MsgContent: { Text: '' } }]).length;
  return [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'x'.repeat(bytes - frame) } }];
};

/** What is changed in a good request, and the code that it is refused with. */
export const COMMON_REFUSALS: RefusalRow[] = [
  ['a From_Account that is a number', { From_Account: 1 }, 90008],
  ['a From_Account of 33 bytes', { From_Account: 'a'.repeat(33) }, 90008],
  ['no MsgRandom', { MsgRandom: undefined }, 90005],
  ['a MsgRandom that is a string', { MsgRandom: '1' }, 90005],
  ['a MsgRandom with a fraction', { MsgRandom: 1.5 }, 90005],
  ['a negative MsgRandom', { MsgRandom: -1 }, 90005],
  ['a MsgRandom above 32 bits', { MsgRandom: 4_294_967_296 }, 90005],
  ['a MsgSeq that is a string', { MsgSeq: '1' }, 90004],
  ['a MsgSeq above 32 bits', { MsgSeq: 4_294_967_296 }, 90004],
  ['no MsgBody', { MsgBody: undefined }, 90007],
  ['a MsgBody that is an object', { MsgBody: MSG_BODY[0] }, 90007],
  ['a CloudCustomData that is an object', { CloudCustomData: {} }, 90010],
];
