import type { GroupId } from '@parley/kernel';
import { formatStreamId, parseStreamId } from './stream-id.js';

const ID = { groupId: '@TGS#1 of us' as GroupId, seq: 12_345_678_901n, firstIndex: 1 };

describe('ids of messages that grow', () => {
  it('come back as they were', () => {
    expect(parseStreamId(formatStreamId(ID))).toEqual(ID);
  });

  it.each([
    '',
    'x',
    `${formatStreamId(ID)}x`,
    `${formatStreamId(ID)}=`,
    ...[
      '2 1 0 group',
      '1 0 0 group',
      '1 -1 0 group',
      '1 1 2 group',
      '1 1 0 ',
      `1 1 0 ${'g'.repeat(200)}`,
    ].map((text) => Buffer.from(text).toString('base64url')),
  ])('%j is none', (text) => {
    expect(parseStreamId(text)).toBeUndefined();
  });
});
