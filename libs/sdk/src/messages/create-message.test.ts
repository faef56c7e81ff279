import { TYPES } from '../constants/types.js';
import type { CreateMessageOptions } from '../model/chat-sdk.js';
import { type CreatableType, createDraft } from './create-message.js';

const CONTEXT = { from: 'alice', nowMs: 1_700_000_000_999, chance: 0.5 };
const draft = (type: CreatableType, options: unknown) =>
  createDraft(type, options as CreateMessageOptions<object>, CONTEXT);

describe('createDraft', () => {
  it('gives a message its identity and resting values', () => {
    const message = draft(TYPES.MSG_TEXT, { to: 'bob', conversationType: 'C2C', payload: { text: 'hi' } });
    expect(message).toMatchObject({
      ID: 'alice-1700000000-2147483648',
      type: 'TIMTextElem',
      payload: { text: 'hi' },
      elements: [{ type: 'TIMTextElem', payload: { text: 'hi' } }],
      conversationID: 'C2Cbob',
      conversationType: 'C2C',
      from: 'alice',
      to: 'bob',
      flow: 'out',
      status: 'unSend',
      time: 1_700_000_000,
      clientTime: 1_700_000_000,
      random: 2_147_483_648,
      priority: 'Normal',
      isRead: true,
      isPeerRead: false,
      isRevoked: false,
      nick: '',
      avatar: '',
      cloudCustomData: '',
    });
    expect(message.elements[0]?.payload).toBe(message.payload);
  });

  it('keeps what the app adds', () => {
    const message = draft(TYPES.MSG_CUSTOM, {
      to: 'bob',
      conversationType: 'C2C',
      payload: { data: 'x' },
      cloudCustomData: 'cloud',
      needReadReceipt: true,
      isSupportExtension: true,
      priority: 'High',
    });
    expect(message).toMatchObject({
      payload: { data: 'x', description: '', extension: '' },
      cloudCustomData: 'cloud',
      needReadReceipt: true,
      isSupportExtension: true,
      priority: 'High',
    });
  });

  const to = 'bob';
  const conversationType = 'C2C';
  it.each<[string, CreatableType, unknown]>([
    ['no options', TYPES.MSG_TEXT, undefined],
    ['no receiver', TYPES.MSG_TEXT, { to: '', conversationType, payload: { text: 'x' } }],
    ['no conversation type', TYPES.MSG_TEXT, { to, payload: { text: 'x' } }],
    ['no payload', TYPES.MSG_TEXT, { to, conversationType }],
    ['no text', TYPES.MSG_TEXT, { to, conversationType, payload: {} }],
    ['a number as text', TYPES.MSG_TEXT, { to, conversationType, payload: { text: 5 } }],
    ['no index', TYPES.MSG_FACE, { to, conversationType, payload: { data: 'x' } }],
    [
      'no number',
      TYPES.MSG_LOCATION,
      { to, conversationType, payload: { latitude: Number.NaN, longitude: 1 } },
    ],
    ['bad custom data', TYPES.MSG_TEXT, { to, conversationType, payload: { text: 'x' }, cloudCustomData: 1 }],
  ])('refuses %s', (_name, type, options) => {
    expect(() => draft(type, options)).toThrow(expect.objectContaining({ code: 6017 }));
  });
});
