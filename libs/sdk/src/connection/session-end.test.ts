import { ByeCode } from '@parley/wire';
import { toRefusal, toSessionEnd } from './session-end.js';

describe('toSessionEnd', () => {
  it.each([
    [ByeCode.KICKED_BY_SAME_PLATFORM, '', 'multipleAccount'],
    [ByeCode.KICKED_BY_OTHER_DEVICE, '', 'multipleDevice'],
    [ByeCode.USER_SIG_EXPIRED, '', 'userSigExpired'],
    [ByeCode.KICKED_BY_ADMIN, '', 'REST_API_Kick'],
    [ByeCode.LOGGED_OUT, '', 'multipleAccount'],
    [ByeCode.LOGIN_REFUSED, '70001 expired', 'userSigExpired'],
    [ByeCode.LOGIN_REFUSED, '70052 invalidated', 'REST_API_Kick'],
  ])('Bye %i %p is a kick: %s', (code, reason, type) => {
    expect(toSessionEnd({ code, reason })).toEqual({ kind: 'kicked', type });
  });

  it.each([
    [ByeCode.LOGIN_REFUSED, '70051 blocked', 70051, 'blocked'],
    [ByeCode.PROTOCOL_ERROR, 'bad-tag', 4500, 'bad-tag'],
    [4777, 'of a newer server', 4777, 'of a newer server'],
  ])('Bye %i %p is a refusal', (code, reason, refusalCode, info) => {
    expect(toSessionEnd({ code, reason })).toEqual({ kind: 'refused', code: refusalCode, info });
  });
});

describe('toRefusal', () => {
  it('reads the public code of a refused login', () => {
    const bye = { code: ByeCode.LOGIN_REFUSED, reason: '70009 the UserSig does not verify' };
    expect(toRefusal(bye)).toEqual({ code: 70009, info: 'the UserSig does not verify' });
  });
});
