import { ChatError, ErrorCode } from '@parley/kernel';
import cassandra from 'cassandra-driver';
import { isRetryable, toChatError } from './cassandra-error.js';

const { errors, types } = cassandra;
const { responseErrorCodes: codes } = types;

const codeOf = (thrown: unknown) => toChatError(thrown).code;

describe('errors of the driver', () => {
  it.each([
    ['a silence', new errors.OperationTimedOutError('t')],
    ['no node', new errors.NoHostAvailableError({ a: new Error('down') })],
    ['no node known', new errors.NoHostAvailableError(null)],
    ['a full connection', new errors.BusyConnectionError('a', 1, 1)],
    ['a broken connection', Object.assign(new Error('reset'), { isSocketError: true })],
    ['too few replicas', new errors.ResponseError(codes.unavailableException, 'u')],
    ['an overloaded node', new errors.ResponseError(codes.overloaded, 'o')],
    ['a write whose outcome is unknown', new errors.ResponseError(codes.writeTimeout, 'w')],
    ['an agreement whose outcome is unknown', new errors.ResponseError(0x1700, 'c')],
    ['a late read', new errors.ResponseError(codes.readTimeout, 'r')],
  ])('%s is UNAVAILABLE', (_what, thrown) => {
    expect(codeOf(thrown)).toBe(ErrorCode.UNAVAILABLE);
    expect(isRetryable(thrown)).toBe(true);
    expect(toChatError(thrown).cause).toBe(thrown);
  });

  it.each([
    ['a bad statement', new errors.ResponseError(codes.syntaxError, 's')],
    ['an invalid request', new errors.ResponseError(codes.invalid, 'i')],
    ['a missing right', new errors.ResponseError(codes.unauthorized, 'a')],
    ['a wrong password', new errors.AuthenticationError('a')],
    [
      'a wrong password everywhere',
      new errors.NoHostAvailableError({ a: new errors.AuthenticationError('a') }),
    ],
    ['a mistake of ours', new TypeError('t')],
  ])('%s is INTERNAL', (_what, thrown) => {
    expect(codeOf(thrown)).toBe(ErrorCode.INTERNAL);
    expect(isRetryable(thrown)).toBe(false);
  });

  it('leaves errors of the port as they are', () => {
    const error = new ChatError(ErrorCode.OVERLOADED, 'full');
    expect(toChatError(error)).toBe(error);
  });
});
