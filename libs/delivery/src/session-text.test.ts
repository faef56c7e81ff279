import type { NodeId } from '@parley/kernel';
import { Platform } from '@parley/rpc';
import fc from 'fast-check';
import { decodeSession, encodeSession } from './session-text.js';
import { sessionOn } from './testing/fixture.js';

describe('a session as text', () => {
  it('comes back as it was', () => {
    const session = sessionOn('gateway-7.eu', 'c1', { platform: Platform.IPAD, instanceId: 'a b  c' });
    const text = encodeSession(session);
    expect(text).toBe('1 4 1700000000000 gateway-7.eu a b  c');
    expect(decodeSession('c1', text)).toEqual(session);
    expect(decodeSession('c2', encodeSession(sessionOn('n', 'c2', { instanceId: '' })))?.instanceId).toBe('');
  });

  it('comes back for any instance id and time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 256 }),
        fc.integer({ min: 0, max: 999_999_999_999_999 }),
        (instanceId, sinceMs) => {
          const session = sessionOn('n', 'c', { instanceId, sinceMs });
          expect(decodeSession('c', encodeSession(session))).toEqual(session);
        },
      ),
    );
  });

  it.each([
    ['a node with a blank', { nodeId: 'n 1' as NodeId }],
    ['a node without a name', { nodeId: '' as NodeId }],
    ['a negative time', { sinceMs: -1 }],
    ['half a millisecond', { sinceMs: 0.5 }],
    ['a huge instance id', { instanceId: 'x'.repeat(257) }],
  ])('is not made from %s', (_, change) => {
    expect(() => encodeSession(sessionOn('n', 'c', change))).toThrow('cannot hold');
  });

  it.each([
    '',
    '1',
    '1 1 1',
    '1 1 1 n',
    '2 1 1 n i',
    '1 x 1 n i',
    '1 1 1e3 n i',
    '1 -1 1 n i',
    ' 1 1 1 n i',
    '{}',
  ])('is not read from %j', (text) => expect(decodeSession('c', text)).toBeUndefined());

  it('is not read from any other text, and reading never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!text.startsWith('1 '));
        expect(decodeSession('c', text)).toBeUndefined();
      }),
    );
  });

  it('of an unknown platform is a session all the same', () => {
    expect(decodeSession('c', '1 99 5 n i')).toMatchObject({ platform: Platform.UNSPECIFIED, nodeId: 'n' });
  });
});
