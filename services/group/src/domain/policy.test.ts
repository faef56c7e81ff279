import { ErrorCode } from '@parley/kernel';
import { BUILT_IN_TYPES } from './built-in-types.js';
import { GroupTypes } from './group-types.js';
import { ACTOR_ROLES, decideOperation, decideTargeted, OPERATIONS } from './policy.js';

const types = new GroupTypes();

describe('policy rows', () => {
  it('have a cell for every operation, and only letters of roles in it', () => {
    let cells = 0;
    for (const policy of BUILT_IN_TYPES) {
      for (const operation of OPERATIONS) {
        const letters = policy.may[operation];
        expect([policy.name, operation, /^[SMAOX]*$/.test(letters), new Set(letters).size]).toEqual([
          policy.name,
          operation,
          true,
          letters.length,
        ]);
        for (const role of ACTOR_ROLES) {
          cells += 1;
          const refusal = decideOperation(policy, role, operation);
          expect(refusal === undefined).toBe(letters.includes(role));
        }
      }
    }
    expect(cells).toBe(BUILT_IN_TYPES.length * OPERATIONS.length * ACTOR_ROLES.length);
  });

  it('answer to every name of a type, and to no other', () => {
    const names = ['Work', 'Private', 'Public', 'Meeting', 'ChatRoom', 'AVChatRoom', 'Community'];
    expect(names.map((name) => types.named(name).name)).toEqual([
      'Private',
      'Private',
      'Public',
      'ChatRoom',
      'ChatRoom',
      'AVChatRoom',
      'Community',
    ]);
    expect(() => types.named('BChatRoom')).toThrow(
      expect.objectContaining({ code: ErrorCode.GROUP_BAD_PARAMETER }),
    );
  });

  it('let nobody act on an owner, but a back end rename him', () => {
    const policy = types.named('Public');
    for (const role of ACTOR_ROLES) {
      for (const operation of ['kick', 'mute', 'ban'] as const) {
        expect(decideTargeted(policy, role, operation, 'owner')).toBe(ErrorCode.GROUP_NO_PERMISSION);
      }
    }
    expect(decideTargeted(policy, 'X', 'modify', 'owner')).toBeUndefined();
    expect(decideTargeted(policy, 'A', 'modify', 'owner')).toBe(ErrorCode.GROUP_NO_PERMISSION);
  });
});
