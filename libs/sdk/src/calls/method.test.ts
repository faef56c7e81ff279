import { getOption } from '@bufbuild/protobuf';
import { isRetryable } from '@parley/kernel';
import {
  authv1,
  errorsv1,
  followv1,
  groupv1,
  messagev1,
  optionsv1,
  presencev1,
  profilev1,
  relationv1,
} from '@parley/proto';
import { isRetryableCode, mayRepeat } from './call-outcome.js';
import { CHANGE_METHOD } from './change-method.js';
import { FOLLOW_METHOD } from './follow-method.js';
import { GROUP_METHOD } from './group-method.js';
import { METHOD } from './method.js';
import { PRESENCE_METHOD } from './presence-method.js';
import { PROFILE_METHOD } from './profile-method.js';
import { RECEIPT_METHOD } from './receipt-method.js';
import { RELATION_METHOD } from './relation-method.js';
import { TOPIC_METHOD } from './topic-method.js';

describe('METHOD', () => {
  it('has the numbers and messages that the services declare', () => {
    const methods = [
      authv1.AuthService,
      messagev1.MessageService,
      groupv1.GroupService,
      profilev1.ProfileService,
      followv1.FollowService,
      presencev1.PresenceService,
      relationv1.RelationService,
    ].flatMap((service) => service.methods);
    const numbers = new Map(methods.map((method) => [getOption(method, optionsv1.policy).sdkMethod, method]));
    for (const [name, { number, input, output }] of Object.entries({
      ...METHOD,
      ...GROUP_METHOD,
      ...PROFILE_METHOD,
      ...FOLLOW_METHOD,
      ...PRESENCE_METHOD,
      ...RELATION_METHOD,
      ...RECEIPT_METHOD,
      ...TOPIC_METHOD,
      ...CHANGE_METHOD,
    })) {
      const method = numbers.get(number);
      expect([name, method?.input, method?.output]).toEqual([name, input, output]);
    }
  });
});

describe('retryable codes', () => {
  it('include all that the kernel calls retryable, and exist', () => {
    const codes = Object.values(errorsv1.ErrorCode).filter((code) => typeof code === 'number');
    const missing = codes.filter((code) => isRetryable(code) && !isRetryableCode(code));
    expect(missing).toEqual([]);
    const known = new Set<number>(codes);
    expect(
      [9506, 9507, 20004, 20005, 60008, 60018, 70169, 70500, 90994, 90995].every((code) => known.has(code)),
    ).toBe(true);
  });

  it('are not all that may be repeated: the server can ask for it', () => {
    const answered = { kind: 'answered', info: '', response: new Uint8Array(0) } as const;
    expect(mayRepeat({ ...answered, code: 20003, retryAfterMs: 0 })).toBe(false);
    expect(mayRepeat({ ...answered, code: 20003, retryAfterMs: 10 })).toBe(true);
    expect(mayRepeat({ ...answered, code: 0, retryAfterMs: 0 })).toBe(false);
    expect(mayRepeat({ kind: 'lost' })).toBe(true);
    expect(mayRepeat({ kind: 'refused', code: 9522, info: '' })).toBe(false);
  });
});
