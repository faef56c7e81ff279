import { create } from '@bufbuild/protobuf';
import { groupv1 } from '@parley/proto';
import { GroupTypes } from './group-types.js';
import { tipsOf } from './tip-bodies.js';

const community = new GroupTypes().named('Community');

describe('tips about rights', () => {
  const fields = { enablePermission: true, defaultPermission: 64n };
  const change = create(groupv1.GroupChangeSchema, {
    group: { groupId: 'g' },
    change: { case: 'modified', value: { fields } },
  });

  it('say what the type announces of options', () => {
    const told = { ...community, tips: { ...community.tips, options: 'sent' as const } };
    expect(tipsOf(change, told)).toMatchObject([
      { fate: 'sent', content: { GroupInfo: { EnablePermission: 1, DefaultPermission: 64 } } },
    ]);
    expect(tipsOf(change, community)).toEqual([]);
  });
});
