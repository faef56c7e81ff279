import { ChatError, ErrorCode } from '@parley/kernel';
import { decideLoginFailure, type LoginFailure } from './login-failure.js';

describe('a failed login', () => {
  it.each<[keyof typeof ErrorCode, LoginFailure]>([
    ['USER_SIG_EXPIRED', 'refused'],
    ['USER_SIG_WRONG_KEY', 'refused'],
    ['USER_SIG_TOO_MANY_FAILURES', 'refused'],
    ['APP_NOT_FOUND', 'refused'],
    ['ACCOUNT_NOT_FOUND', 'refused'],
    ['OVERLOADED', 'overloaded'],
    ['UNAVAILABLE', 'failed'],
    ['TIMEOUT', 'failed'],
    ['INTERNAL', 'failed'],
    ['ACCOUNT_INTERNAL', 'failed'],
    ['UNKNOWN_COMMAND', 'failed'],
  ])('with %s is %s', (code, failure) => {
    expect(decideLoginFailure(new ChatError(ErrorCode[code], 'x'))).toBe(failure);
  });
});
