import { readStreamBody, toStreamBody } from './stream-body.js';

const custom = (data: unknown, more: object = {}) =>
  new TextEncoder().encode(
    JSON.stringify([
      { MsgType: 'TIMCustomElem', MsgContent: { Data: JSON.stringify(data), Desc: '', ...more } },
    ]),
  );
const STREAM = { chatbotPlugin: 2, src: 2, chunks: ['a'], isFinished: 0 };

describe('bodies of messages that grow', () => {
  it('come back as they were', () => {
    const state = { chunks: ['# "a"', '', '\u{1F600}'], isFinished: true, compatibleText: 'update' };
    expect(readStreamBody(toStreamBody(state))).toEqual(state);
    expect(readStreamBody(custom(STREAM))).toEqual({ chunks: ['a'], isFinished: false, compatibleText: '' });
  });

  it.each([
    ['recalled', new TextEncoder().encode('[]')],
    ['no JSON', new TextEncoder().encode('[')],
    ['text', new TextEncoder().encode('[{"MsgType":"TIMTextElem","MsgContent":{"Text":"a"}}]')],
    ['of two elements', new TextEncoder().encode('[{},{}]')],
    ['of an app’s own data', custom({}, { Data: 'own' })],
    ['of another source', custom({ ...STREAM, src: 3 })],
    ['of another plugin', custom({ ...STREAM, chatbotPlugin: 1 })],
    ['with pieces that are no texts', custom({ ...STREAM, chunks: [1] })],
    ['without an end', custom({ ...STREAM, isFinished: undefined })],
    ['without a description', custom(STREAM, { Desc: undefined })],
  ])('what is %s is none', (_, body) => {
    expect(readStreamBody(body)).toBeUndefined();
  });
});
