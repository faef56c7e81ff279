import { ChatError, ErrorCode } from '@parley/kernel';
import { CallerRole } from '@parley/rpc';
import { codesFor } from './codes.js';
import { checkBody, checkPlatformBody } from './message-body.js';

const rest = codesFor(CallerRole.ADMIN);
const sdk = codesFor(CallerRole.USER);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const element = (type: string, content: unknown) => ({ MsgType: type, MsgContent: content });
const text = (value = 'hi') => element('TIMTextElem', { Text: value });

const codeOf = (body: Uint8Array, codes = rest, cloudCustomData = ''): ErrorCode | 'fine' => {
  try {
    checkBody(body, cloudCustomData, codes);
    return 'fine';
  } catch (thrown) {
    if (thrown instanceof ChatError) return thrown.code;
    throw thrown;
  }
};
const codeOfElements = (...elements: unknown[]) => codeOf(bytes(JSON.stringify(elements)));

describe('checkBody', () => {
  it.each([
    [text()],
    [text('')],
    [element('TIMFaceElem', { Index: 1, Data: 'smile' })],
    [element('TIMFaceElem', { Index: 0 })],
    [element('TIMLocationElem', { Desc: 'x', Latitude: 29.3, Longitude: -120 })],
    [element('TIMCustomElem', { Data: '{}', Desc: '', Ext: 'u', Sound: 's.aiff' })],
    [element('TIMCustomElem', {})],
    [element('TIMSoundElem', { UUID: 'u', Size: 1, Second: 3 })],
    [
      element('TIMImageElem', {
        UUID: 'u',
        ImageFormat: 1,
        ImageInfoArray: [{ Type: 1, Size: 1, URL: 'h' }],
      }),
    ],
    [element('TIMFileElem', { Url: 'h', FileSize: 1, FileName: 'f', Download_Flag: 2 })],
    [element('TIMVideoFileElem', { VideoUrl: 'v', ThumbUrl: 't', VideoSecond: 0 })],
    [
      element('TIMRelayElem', {
        Title: 't',
        MsgNum: 1,
        AbstractList: ['a'],
        MsgList: [{ From_Account: 'a', MsgSeq: 1, MsgBody: [text()] }],
      }),
    ],
    [element('TIMTextElem', { Text: 'hi', NewerField: { a: [1] } })],
  ])('takes the documented element %j', (one) => {
    expect(codeOfElements(one)).toBe('fine');
  });

  it('takes several elements in any mix, with one custom element', () => {
    expect(codeOfElements(text(), element('TIMCustomElem', { Data: 'x' }), text())).toBe('fine');
  });

  it.each([
    ['no JSON', bytes('{'), ErrorCode.OPENIM_BAD_JSON],
    ['nothing', bytes(''), ErrorCode.OPENIM_BAD_JSON],
    ['invalid UTF-8', Uint8Array.from([0x5b, 0x22, 0xff, 0x22, 0x5d]), ErrorCode.OPENIM_BAD_JSON],
    ['an overlong form', Uint8Array.from([0x5b, 0x22, 0xc0, 0x80, 0x22, 0x5d]), ErrorCode.OPENIM_BAD_JSON],
    ['a surrogate as UTF-8', Uint8Array.from([0x22, 0xed, 0xa0, 0x80, 0x22]), ErrorCode.OPENIM_BAD_JSON],
    ['a byte order mark', bytes('\ufeff[]'), ErrorCode.OPENIM_BAD_JSON],
    ['an object', bytes('{}'), ErrorCode.MESSAGE_BODY_NOT_ARRAY],
    ['null', bytes('null'), ErrorCode.MESSAGE_BODY_NOT_ARRAY],
    ['an empty array', bytes('[]'), ErrorCode.MESSAGE_BODY_MALFORMED],
    ['a text as element', bytes('["hi"]'), ErrorCode.MESSAGE_BODY_MALFORMED],
    ['null as element', bytes('[null]'), ErrorCode.MESSAGE_BODY_MALFORMED],
    ['no MsgType', bytes('[{"MsgContent":{}}]'), ErrorCode.MESSAGE_BODY_MALFORMED],
  ])('refuses %s', (_, body, code) => {
    expect(codeOf(body)).toBe(code);
  });

  it.each([
    [element('TIMUnknownElem', {})],
    [element('constructor', {})],
    [element('TIMTextElem', 'hi')],
    [element('TIMTextElem', [])],
    [element('TIMTextElem', {})],
    [element('TIMTextElem', { Text: 1 })],
    [element('TIMTextElem', { Text: null })],
    [element('TIMFaceElem', { Index: '1' })],
    [element('TIMFaceElem', { Index: 1.5 })],
    [element('TIMLocationElem', { Latitude: 1 })],
    [element('TIMLocationElem', { Latitude: '1', Longitude: 2 })],
    [element('TIMCustomElem', { Data: {} })],
    [element('TIMImageElem', { ImageInfoArray: {} })],
    [element('TIMImageElem', { ImageInfoArray: [1] })],
    [element('TIMImageElem', { ImageInfoArray: [{}, {}, {}, {}] })],
    [element('TIMRelayElem', { AbstractList: [1] })],
  ])('refuses %j as not of the format', (one) => {
    expect(codeOfElements(one)).toBe(ErrorCode.MESSAGE_FORMAT_INVALID);
  });

  it('refuses a number beyond all bounds', () => {
    const body = '[{"MsgType":"TIMLocationElem","MsgContent":{"Latitude":1e999,"Longitude":1}}]';
    expect(codeOf(bytes(body))).toBe(ErrorCode.MESSAGE_FORMAT_INVALID);
  });

  it('refuses a second custom element, also within merged messages', () => {
    const custom = element('TIMCustomElem', { Data: 'x' });
    expect(codeOfElements(custom, custom)).toBe(ErrorCode.MESSAGE_BODY_MALFORMED);
    const merged = element('TIMRelayElem', { MsgList: [{ MsgBody: [custom, custom] }] });
    expect(codeOfElements(merged)).toBe(ErrorCode.MESSAGE_BODY_MALFORMED);
    expect(codeOfElements(custom, element('TIMRelayElem', { MsgList: [{ MsgBody: [custom] }] }))).toBe(
      'fine',
    );
  });

  it('bounds the number of elements and the depth', () => {
    const many = Array.from({ length: 201 }, () => element('TIMCustomElem', {}));
    expect(codeOfElements(...many)).toBe(ErrorCode.MESSAGE_BODY_MALFORMED);
    const nest = (levels: number): unknown => (levels === 0 ? 1 : [nest(levels - 1)]);
    expect(codeOfElements(element('TIMTextElem', { Text: '', X: nest(50) }))).toBe('fine');
    expect(codeOfElements(element('TIMTextElem', { Text: '', X: nest(80) }))).toBe(
      ErrorCode.MESSAGE_FORMAT_INVALID,
    );
    const relay = (levels: number): object =>
      levels === 0 ? text() : element('TIMRelayElem', { MsgList: [{ MsgBody: [relay(levels - 1)] }] });
    expect(codeOfElements(relay(5))).toBe('fine');
    expect(codeOfElements(relay(40))).toBe(ErrorCode.MESSAGE_FORMAT_INVALID);
    const deep = '['.repeat(6_000) + ']'.repeat(6_000);
    expect(codeOf(bytes(deep))).toBe(ErrorCode.MESSAGE_BODY_MALFORMED);
  });

  it('counts body and CloudCustomData in bytes against 12 KiB', () => {
    const overhead = JSON.stringify([text('')]).length;
    const full = JSON.stringify([text('x'.repeat(12 * 1024 - overhead))]);
    expect(codeOf(bytes(full))).toBe('fine');
    expect(codeOf(bytes(full), rest, 'x')).toBe(ErrorCode.BODY_TOO_LONG);
    expect(codeOf(bytes(JSON.stringify([text()])), rest, 'é'.repeat(6 * 1024))).toBe(ErrorCode.BODY_TOO_LONG);
  });

  it('says the same with the codes of the SDK border', () => {
    expect(codeOf(bytes('{'), sdk)).toBe(ErrorCode.C2C_BAD_REQUEST);
    expect(codeOf(bytes('[]'), sdk)).toBe(ErrorCode.C2C_BAD_REQUEST);
    expect(codeOf(new Uint8Array(13_000), sdk)).toBe(ErrorCode.MESSAGE_TOO_LONG);
  });
});

describe('checkPlatformBody', () => {
  const platformCodeOf = (type: string, bytesMore = 0): ErrorCode | 'fine' => {
    try {
      const body = bytes(JSON.stringify([element(type, { OpType: 1, More: 'x'.repeat(bytesMore) })]));
      checkPlatformBody(body, '', rest);
      return 'fine';
    } catch (thrown) {
      if (thrown instanceof ChatError) return thrown.code;
      throw thrown;
    }
  };

  it.each(['TIMGroupTipElem', 'TIMGroupSystemNoticeElem'])(
    'lets the platform, and nobody else, say %s',
    (type) => {
      expect(platformCodeOf(type)).toBe('fine');
      expect(codeOfElements(element(type, { OpType: 1 }))).toBe(ErrorCode.MESSAGE_FORMAT_INVALID);
      expect(platformCodeOf(type, 12_288)).toBe(ErrorCode.BODY_TOO_LONG);
      expect(platformCodeOf('TIMOther')).toBe(ErrorCode.MESSAGE_FORMAT_INVALID);
    },
  );
});
