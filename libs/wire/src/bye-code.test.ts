import { ByeCode, formatLoginRefusal, mayReconnectAfter, parseLoginRefusal } from './index.js';

describe('bye codes', () => {
  it('say by their range whether to come back', () => {
    const back = Object.entries(ByeCode).filter(([, code]) => mayReconnectAfter(code));
    expect(back.map(([name]) => name)).toEqual([
      'GOING_AWAY',
      'SLOW_READER',
      'INTERNAL',
      'PING_TIMEOUT',
      'OVERLOADED',
    ]);
    expect(mayReconnectAfter(4499)).toBe(true);
    expect(mayReconnectAfter(4500)).toBe(false);
    expect(mayReconnectAfter(4999)).toBe(false);
    expect(mayReconnectAfter(1006)).toBe(true);
  });

  it('a login refusal carries its public code', () => {
    expect(parseLoginRefusal(formatLoginRefusal(70001, 'the UserSig expired'))).toEqual({
      code: 70001,
      info: 'the UserSig expired',
    });
    expect(parseLoginRefusal('70003')).toEqual({ code: 70003, info: '' });
    expect(parseLoginRefusal('refused')).toBeUndefined();
  });
});
