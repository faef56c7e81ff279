import { TYPES } from '../constants/types.js';
import type { MessagePayload } from '../model/message.js';
import { decodeBody, encodeBody } from './element-codec.js';

const utf8 = new TextEncoder();

const CASES: [TYPES, Record<string, unknown>, Record<string, unknown>][] = [
  [TYPES.MSG_TEXT, { text: 'héllo 👋' }, { Text: 'héllo 👋' }],
  [TYPES.MSG_FACE, { index: 3, data: 'grin' }, { Index: 3, Data: 'grin' }],
  [
    TYPES.MSG_LOCATION,
    { description: 'Pier', latitude: 1.5, longitude: -2.25 },
    { Desc: 'Pier', Latitude: 1.5, Longitude: -2.25 },
  ],
  [TYPES.MSG_CUSTOM, { data: '{}', description: 'd', extension: 'e' }, { Data: '{}', Desc: 'd', Ext: 'e' }],
];

describe('element codec', () => {
  it.each(CASES)('%s goes to the wire and back', (type, payload, content) => {
    const bytes = encodeBody([{ type, payload: payload as unknown as MessagePayload }]);
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual([{ MsgType: type, MsgContent: content }]);
    expect(decodeBody(bytes)).toEqual([{ type, payload }]);
  });

  it('keeps several elements in order, and the fields of types it does not know', () => {
    const image = { UUID: 'u', ImageFormat: 1 };
    const body = JSON.stringify([
      { MsgType: 'TIMTextElem', MsgContent: { Text: 'a' } },
      { MsgType: 'TIMImageElem', MsgContent: image },
    ]);
    expect(decodeBody(utf8.encode(body))).toEqual([
      { type: 'TIMTextElem', payload: { text: 'a' } },
      { type: 'TIMImageElem', payload: image },
    ]);
  });

  it('fills absent fields', () => {
    const body = '[{"MsgType":"TIMCustomElem","MsgContent":{"Data":"x"}}]';
    expect(decodeBody(utf8.encode(body))[0]?.payload).toEqual({ data: 'x', description: '', extension: '' });
  });

  it.each(['', '{', '{}', 'null', '[1]', '[{"MsgType":1,"MsgContent":{}}]', '[{"MsgType":"x"}]'])(
    '%p has no elements',
    (body) => {
      expect(decodeBody(utf8.encode(body))).toEqual([]);
    },
  );
});
