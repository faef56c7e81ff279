import { ErrorCode } from '@parley/kernel';
import { checkHello, type HelloFields } from './hello.js';

const good: HelloFields = {
  protocolVersion: 1,
  sdkAppId: 1_400_000_001,
  userId: 'alice',
  userSig: 'sig',
  sdkVersion: '0.1.0',
  instanceId: 'a1b2',
  resumeTicket: new Uint8Array(),
};

describe('a Hello', () => {
  it('is let through when it is whole', () => {
    expect(checkHello(good, 1)).toEqual({ kind: 'ok', appId: 1_400_000_001, userId: 'alice' });
  });

  it.each<[string, Partial<HelloFields>]>([
    ['another protocol version', { protocolVersion: 2 }],
    ['no protocol version', { protocolVersion: 0 }],
    ['too long a ticket', { resumeTicket: new Uint8Array(1_025) }],
    ['no instance', { instanceId: '' }],
    ['an instance with a space', { instanceId: 'a b' }],
    ['a long instance', { instanceId: 'x'.repeat(65) }],
    ['a long SDK version', { sdkVersion: 'x'.repeat(65) }],
  ])('with %s is a protocol error', (_name, change) => {
    expect(checkHello({ ...good, ...change }, 1).kind).toBe('protocol-error');
  });

  it.each<[string, Partial<HelloFields>, ErrorCode]>([
    ['a huge UserSig', { userSig: 'x'.repeat(8_193) }, ErrorCode.USER_SIG_MALFORMED],
    ['no user', { userId: '' }, ErrorCode.ACCOUNT_BAD_PARAMETER],
    ['a user outside ASCII', { userId: 'älice' }, ErrorCode.ACCOUNT_BAD_PARAMETER],
    ['a long user', { userId: 'x'.repeat(33) }, ErrorCode.ACCOUNT_BAD_PARAMETER],
    ['no app', { sdkAppId: 0 }, ErrorCode.APP_NOT_FOUND],
  ])('with %s is refused', (_name, change, code) => {
    expect(checkHello({ ...good, ...change }, 1)).toMatchObject({ kind: 'refused', error: { code } });
  });
});
