import { create } from '@bufbuild/protobuf';
import { ErrorCode } from '@parley/kernel';
import { relationv1 } from '@parley/proto';
import fc from 'fast-check';
import {
  type Adding,
  type Decision,
  decideAccept,
  decideAdd,
  decideBlock,
  decideDelete,
  decideDeleteApplication,
  decideForget,
  decideImport,
  decideRefuse,
  decideUnblock,
} from './deciding.js';
import { NOTHING, type Sides } from './pair.js';

const entry = create(relationv1.FriendEntrySchema, { remark: 'r', addWording: 'w', storedMs: 5n });
const request = create(relationv1.RequestEntrySchema, { remark: 'asked', isBoth: true, storedMs: 5n });
const blocked = create(relationv1.BlockEntrySchema, { storedMs: 5n });
const ROOM = { ownFriend: true, peerFriend: true, request: true };
const FULL = { ownFriend: false, peerFriend: false, request: false };
const STRANGERS: Sides = { mine: NOTHING, theirs: NOTHING };
const adding = (given: Partial<Adding> = {}): Adding => ({
  entry,
  isBoth: true,
  isForced: false,
  isSenderForbidden: false,
  allowType: 'any',
  ...given,
});

describe('an add', () => {
  const mine = (given: Partial<Sides['mine']>): Sides => ({ ...STRANGERS, mine: { ...NOTHING, ...given } });
  const theirs = (given: Partial<Sides['mine']>): Sides => ({
    ...STRANGERS,
    theirs: { ...NOTHING, ...given },
  });
  const rows: readonly (readonly [string, Sides, Partial<Adding>, typeof ROOM, number])[] = [
    ['of whom the user blocks', mine({ blocked }), {}, ROOM, 30515],
    ['of who blocks the user, by force too', theirs({ blocked }), { isForced: true }, ROOM, 30525],
    [
      'of a friend',
      { mine: { ...NOTHING, friend: entry }, theirs: { ...NOTHING, friend: entry } },
      {},
      FULL,
      0,
    ],
    ['by who may not ask', STRANGERS, { isSenderForbidden: true }, ROOM, 30009],
    ['by who may not ask, by force', STRANGERS, { isSenderForbidden: true, isForced: true }, ROOM, 0],
    ['with a full list', STRANGERS, {}, { ...ROOM, ownFriend: false }, 30010],
    ['to a full list', STRANGERS, {}, { ...ROOM, peerFriend: false }, 30014],
    ['of one side to a full list', STRANGERS, { isBoth: false }, { ...ROOM, peerFriend: false }, 0],
    ['of who lets nobody', STRANGERS, { allowType: 'deny' }, ROOM, 30516],
    ['of who wants to be asked', STRANGERS, { allowType: 'confirm' }, ROOM, 30539],
    ['with too many requests', STRANGERS, { allowType: 'confirm' }, { ...ROOM, request: false }, 30012],
    [
      'again of who is asked',
      mine({ request }),
      { allowType: 'confirm' },
      { ...ROOM, request: false },
      30539,
    ],
    ['of who asks the user', theirs({ request }), { allowType: 'confirm' }, ROOM, 0],
  ];
  it.each(rows)('%s', (_, sides, given, room, code) => {
    expect(decideAdd(sides, adding(given), room).code).toBe(code);
  });

  it('gives the other side how and when, not what the user made of it', () => {
    const { sides } = decideAdd(STRANGERS, adding(), ROOM);
    expect(sides.theirs.friend).toMatchObject({ remark: '', addWording: 'w', storedMs: 5n });
  });
});

describe('whatever is decided', () => {
  const OK = ErrorCode.UNSPECIFIED;
  const flip = ({ mine, theirs }: Sides): Sides => ({ mine: theirs, theirs: mine });
  const acts: readonly ((sides: Sides) => Decision)[] = [
    (sides) => decideAdd(sides, adding(), ROOM),
    (sides) => decideAdd(sides, adding({ allowType: 'confirm' }), ROOM),
    (sides) => decideAdd(sides, adding({ isBoth: false, allowType: 'confirm' }), ROOM),
    (sides) => decideAdd(sides, adding({ isForced: true, isBoth: false }), ROOM),
    (sides) => decideAccept(sides, entry, { addsBack: true }, ROOM),
    (sides) => decideAccept(sides, entry, { addsBack: false }, ROOM),
    decideRefuse,
    (sides) => decideDeleteApplication(sides, true),
    (sides) => decideDeleteApplication(sides, false),
    (sides) => decideDelete(sides, true),
    (sides) => decideDelete(sides, false),
    (sides) => decideBlock(sides, 5, true),
    decideUnblock,
    (sides) => decideImport(sides, entry, ROOM),
  ];
  const history = fc.array(fc.tuple(fc.nat({ max: acts.length - 1 }), fc.boolean()), { maxLength: 30 });

  it('leaves nothing beside a block, and no request between friends', () => {
    fc.assert(
      fc.property(history, (steps) => {
        let sides = STRANGERS;
        for (const [act, isTheirs] of steps) {
          const { sides: next, code } = (acts[act] as (typeof acts)[number])(isTheirs ? flip(sides) : sides);
          const seen = isTheirs ? flip(next) : next;
          if (code !== OK && code !== ErrorCode.SNS_APPLICATION_WAITS) expect(seen).toEqual(sides);
          sides = seen;
          const both = [sides.mine, sides.theirs];
          const isBlocked = both.some((side) => side.blocked);
          if (isBlocked) expect(both.some((side) => side.friend ?? side.request)).toBe(false);
          if (both.every((side) => side.friend)) expect(both.some((side) => side.request)).toBe(false);
        }
        // The end of either account leaves nothing.
        expect(decideForget(sides, 5n).sides).toEqual(STRANGERS);
      }),
    );
  });
});
