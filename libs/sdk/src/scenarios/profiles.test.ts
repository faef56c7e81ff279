// Profiles: own ones on several devices, others' ones, and what changes.
import { EVENT } from '../constants/event.js';
import { TYPES } from '../constants/types.js';
import type { Profile } from '../model/conversation.js';
import { type Device, World } from '../testing/world.js';

const changesTo = (device: Device) => device.told<Profile[]>(EVENT.PROFILE_UPDATED).flat();

describe('profiles', () => {
  it('are read and changed, and every device of the user is told once [parity: sdk getMyProfile, sdk getUserProfile, sdk updateMyProfile, event PROFILE_UPDATED]', async () => {
    const world = new World();
    const [alice, other] = [await world.ready('alice'), await world.ready('alice')];
    const bob = await world.ready('bob');
    world.server.profiles.watchers.push('bob');
    expect(await world.done(alice.chat.getMyProfile())).toMatchObject({
      ...{ userID: 'alice', nick: '', avatar: '', gender: TYPES.GENDER_UNKNOWN, birthday: 0 },
      ...{ allowType: TYPES.ALLOW_TYPE_ALLOW_ANY, profileCustomField: [], lastUpdatedNumber: 0 },
    });
    const custom = [{ key: 'Tag_Profile_Custom_Motto', value: 'm' }];
    const wanted = {
      ...{ nick: 'Alice', avatar: 'https://a', gender: TYPES.GENDER_FEMALE, birthday: 20_000_101 },
      ...{ location: 'here', selfSignature: 's', allowType: TYPES.ALLOW_TYPE_DENY_ANY },
      ...{ language: 1, messageSettings: 0, level: 4_294_967_295, role: 2, profileCustomField: custom },
    };
    const updated = await world.done(alice.chat.updateMyProfile(wanted));
    expect(updated).toMatchObject({ userID: 'alice', ...wanted, lastUpdatedNumber: 1 });
    const known = await world.done(bob.chat.getUserProfile({ userIDList: ['alice', 'nobody', 'alice'] }));
    expect(known).toEqual([updated]);
    await world.done(other.chat.updateMyProfile({ nick: 'A.' }));
    for (const device of [alice, other, bob]) {
      expect(changesTo(device).map(({ nick, birthday }) => [nick, birthday])).toEqual([
        ['Alice', 20_000_101],
        ['A.', 20_000_101],
      ]);
    }
  });

  it('of a peer stand in the conversation once they are known', async () => {
    const world = new World();
    const [alice, bob] = [await world.ready('alice'), await world.ready('bob')];
    bob.sendText('alice', 'hi');
    await world.clock.pass(500);
    await world.done(bob.chat.updateMyProfile({ nick: 'Bob' }));
    const nickOf = async () =>
      (await world.done(alice.chat.getConversationProfile('C2Cbob'))).conversation.userProfile.nick;
    expect(await nickOf()).toBe('');
    await world.done(alice.chat.getUserProfile({ userIDList: ['bob'] }));
    expect(await nickOf()).toBe('Bob');
    world.server.profiles.watchers.push('alice');
    await world.done(bob.chat.updateMyProfile({ nick: 'Bobby' }));
    expect(await nickOf()).toBe('Bobby');
  });

  it('refuse what is malformed, here or at the service', async () => {
    const world = new World();
    const alice = await world.ready('alice');
    const refused = (call: Promise<{ data: unknown }>, code: number) =>
      expect(world.done(call)).rejects.toMatchObject({ code });
    await refused(alice.chat.updateMyProfile({}), 6017);
    await refused(alice.chat.updateMyProfile({ birthday: -1 }), 6017);
    await refused(alice.chat.updateMyProfile({ adminForbidType: TYPES.FORBID_TYPE_NONE }), 40008);
    await refused(alice.chat.getUserProfile({ userIDList: [] }), 6017);
    const many = Array.from({ length: 101 }, (_, at) => `u${at}`);
    await refused(alice.chat.getUserProfile({ userIDList: many }), 6017);
  });
});
