import { create } from '@bufbuild/protobuf';
import { relationv1 } from '@parley/proto';
import { decideEvent, isBehind, NO_VERSIONS, newest, type Versions } from './list-versions.js';

const held: Versions = { friends: 5n, custom: 2n, groups: 3n, blocklist: 7n, applications: 1n };
const friendsSet = [create(relationv1.FriendSchema, { userId: 'bob' })];
const groups = create(relationv1.FriendGroupsSchema, { names: ['work'] });
const blockedRemoved = ['bob'];

const event = (
  versions: Partial<Versions>,
  told: Omit<Partial<relationv1.RelationEvent>, '$typeName'> = {},
) =>
  create(relationv1.RelationEventSchema, {
    ...told,
    versions: create(relationv1.ListVersionsSchema, { ...held, ...versions }),
  });

describe('an event', () => {
  it('is applied when it follows on, or says what is held', () => {
    expect(decideEvent('contacts', held, event({ friends: 6n }, { friendsSet }))).toBe('apply');
    expect(decideEvent('contacts', held, event({ friends: 6n, custom: 3n }, { friendsSet }))).toBe('apply');
    expect(decideEvent('contacts', held, event({ friends: 6n, groups: 4n }, { groups }))).toBe('apply');
    expect(decideEvent('contacts', held, event({}, { friendsSet }))).toBe('apply');
    expect(decideEvent('blocklist', held, event({ blocklist: 8n }, { blockedRemoved }))).toBe('apply');
    const applicationsReadMs = 1n;
    expect(decideEvent('applications', held, event({ applications: 2n }, { applicationsReadMs }))).toBe(
      'apply',
    );
  });

  it('asks for the list when something before it is missing', () => {
    expect(decideEvent('contacts', held, event({ friends: 7n }, { friendsSet }))).toBe('fetch');
    // Another change than the one that is told.
    expect(decideEvent('contacts', held, event({ friends: 6n }))).toBe('fetch');
    expect(decideEvent('contacts', held, event({ groups: 4n, custom: 3n }, { groups, friendsSet }))).toBe(
      'fetch',
    );
    expect(decideEvent('contacts', held, event({ friends: 4n, groups: 4n }, { groups }))).toBe('fetch');
    expect(decideEvent('blocklist', held, event({ blocklist: 8n }, { friendsSet }))).toBe('fetch');
  });

  it('is nothing to a list that it does not tell of, or when it was overtaken', () => {
    expect(decideEvent('contacts', held, event({ blocklist: 8n }, { blockedRemoved }))).toBe('ignore');
    expect(decideEvent('contacts', held, event({ friends: 4n }, { friendsSet }))).toBe('ignore');
    expect(decideEvent('applications', held, event({}))).toBe('ignore');
  });
});

it('a list is behind when one of its versions is', () => {
  expect(isBehind('contacts', NO_VERSIONS, held)).toBe(true);
  expect(isBehind('contacts', held, { ...held, blocklist: 8n })).toBe(false);
  expect(newest({ ...held, friends: 9n }, { ...held, groups: 9n })).toEqual({
    ...held,
    friends: 9n,
    groups: 9n,
  });
});
