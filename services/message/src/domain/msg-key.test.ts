import { formatMsgKey, parseMsgKey } from './msg-key.js';

describe('MsgKey', () => {
  it('is three numbers', () => {
    const key = { msgSeq: 4_294_967_295, random: 0, timeS: 1_700_000_000 };
    expect(formatMsgKey(key)).toBe('4294967295_0_1700000000');
    expect(parseMsgKey('4294967295_0_1700000000')).toEqual(key);
  });

  it.each(['', '1_2', '1_2_3_4', 'a_1_2', '-1_2_3', '4294967296_1_1', '1_2_99999999999', ' 1_2_3'])(
    'is not %j',
    (text) => {
      expect(parseMsgKey(text)).toBeUndefined();
    },
  );
});
