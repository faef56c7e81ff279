import { ErrorCode } from '@parley/kernel';
import { groupv1 } from '@parley/proto';
import { CustomFields } from '../domain/custom-fields.js';
import { GroupTypes } from '../domain/group-types.js';
import { parseCustomDeclarations } from './custom-declarations.js';
import { parseCustomTypes } from './custom-types.js';

describe('own types of groups', () => {
  it('are rows that differ from a built-in one in what is named', () => {
    const [desk] = parseCustomTypes(
      JSON.stringify([
        {
          name: 'Desk',
          base: 'Meeting',
          may: { invite: 'OX' },
          invite: { default: 'FreeAccess', isFixed: true },
          tips: { members: 'stored' },
        },
      ]),
    );
    const meeting = new GroupTypes().named('Meeting');
    expect(desk).toEqual({
      ...meeting,
      name: 'Desk',
      aliases: [],
      may: { ...meeting.may, invite: 'OX' },
      invite: { default: groupv1.JoinOption.FREE, isFixed: true },
      tips: { ...meeting.tips, members: 'stored' },
    });
    expect(new GroupTypes(desk === undefined ? [] : [desk]).named('Desk')).toBe(desk);
  });

  it('are refused with a reason when they make no sense', () => {
    expect(() => parseCustomTypes('[{"name":"A","base":"Nothing"}]')).toThrow('no built-in type');
    expect(() => parseCustomTypes('[{"name":"A","base":"Public","mayy":{}}]')).toThrow('mayy');
    expect(() => parseCustomTypes('[{"name":"A","base":"Public","may":{"send":"Q"}}]')).toThrow();
    expect(() => new GroupTypes(parseCustomTypes('[{"name":"Public","base":"Public"}]'))).toThrow(
      'two group types',
    );
  });
});

describe('custom fields', () => {
  const fields = new CustomFields(
    parseCustomDeclarations(
      JSON.stringify([
        { key: 'open', scope: 'group' },
        { key: 'secret', scope: 'group', types: ['Work'], read: 'Admin', write: 'Owner' },
        { key: 'badge', scope: 'member', write: 'AppAdmin' },
      ]),
    ),
  );
  const work = new GroupTypes().named('Work');
  const open = new GroupTypes().named('Public');
  const write = (key: string, where: Parameters<CustomFields['apply']>[2]) => {
    try {
      return fields.apply({}, { [key]: 'v' }, where);
    } catch (thrown) {
      return (thrown as { code: number }).code;
    }
  };

  it('are written by whoever may, where they are declared', () => {
    const { GROUP_BAD_PARAMETER, GROUP_NO_PERMISSION } = ErrorCode;
    expect(write('open', { scope: 'group', policy: work, role: 'M' })).toEqual({ open: 'v' });
    expect(write('open', { scope: 'group', policy: work, role: 'S' })).toBe(GROUP_NO_PERMISSION);
    expect(write('secret', { scope: 'group', policy: work, role: 'O' })).toEqual({ secret: 'v' });
    expect(write('secret', { scope: 'group', policy: work, role: 'A' })).toBe(GROUP_NO_PERMISSION);
    expect(write('secret', { scope: 'group', policy: open, role: 'X' })).toBe(GROUP_BAD_PARAMETER);
    expect(write('badge', { scope: 'member', policy: open, role: 'X' })).toEqual({ badge: 'v' });
    expect(write('badge', { scope: 'member', policy: open, role: 'O' })).toBe(GROUP_NO_PERMISSION);
    expect(write('other', { scope: 'group', policy: open, role: 'X' })).toBe(GROUP_BAD_PARAMETER);
  });

  it('are shown to whoever may read them', () => {
    const stored = { open: '1', secret: '2' };
    const shown = (role: 'S' | 'O') => fields.visible(stored, { scope: 'group', policy: work, role });
    expect(shown('S')).toEqual({ open: '1' });
    expect(shown('O')).toEqual(stored);
  });

  it('are at most so many of so many bytes, and none with an empty value', () => {
    const any = new CustomFields();
    const where = { scope: 'member', policy: open, role: 'M' } as const;
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v']));
    expect(Object.keys(any.apply({}, many(5), where))).toHaveLength(5);
    expect(() => any.apply({}, many(6), where)).toThrow();
    expect(any.apply(many(5), { k0: '', k9: 'v' }, where)).not.toHaveProperty('k0');
    expect(() => any.apply({}, { k: 'v'.repeat(65) }, where)).toThrow();
  });
});
