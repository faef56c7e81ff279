import type { UserId } from '@parley/kernel';
import { type Account, closeDeletion, decideImport, isLive, toTombstone } from './account.js';

const NOW = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const rules = { nowMs: NOW, deletedLockDays: 90 };
const alice = 'alice' as UserId;
const stored: Account = {
  userId: alice,
  nick: 'Alice',
  faceUrl: 'https://example.com/a.png',
  createdAtMs: NOW - DAY_MS,
  deletedAtMs: 0,
  sigValidFromS: 7,
  livesBefore: 0,
  openDeletion: undefined,
  isBlocked: false,
};

describe('decideImport', () => {
  it('creates what never was', () => {
    expect(decideImport(undefined, { userId: alice, nick: 'A' }, rules)).toEqual({
      kind: 'create',
      account: {
        userId: alice,
        nick: 'A',
        faceUrl: '',
        createdAtMs: NOW,
        deletedAtMs: 0,
        sigValidFromS: 0,
        livesBefore: 0,
        openDeletion: undefined,
        isBlocked: false,
      },
    });
  });

  it('updates only what is given', () => {
    expect(decideImport(stored, { userId: alice, nick: 'Al' }, rules)).toEqual({
      kind: 'update',
      account: { ...stored, nick: 'Al' },
    });
    expect(decideImport(stored, { userId: alice, nick: '', faceUrl: '' }, rules)).toMatchObject({
      kind: 'update',
      account: { nick: '', faceUrl: '' },
    });
  });

  it('writes nothing when nothing changes', () => {
    expect(decideImport(stored, { userId: alice }, rules)).toEqual({ kind: 'unchanged' });
    expect(decideImport(stored, { ...stored }, rules)).toEqual({ kind: 'unchanged' });
  });

  it.each([
    [0, 'locked'],
    [90 * DAY_MS - 1, 'locked'],
    [90 * DAY_MS, 'create'],
  ])('%i ms after the deletion: %s', (afterMs, kind) => {
    const deleted = toTombstone(stored, { deletedAtMs: NOW, sigValidFromS: 100, operator: '' });
    const tombstone = closeDeletion(deleted, 0) ?? deleted;
    expect(isLive(tombstone)).toBe(false);
    const decision = decideImport(tombstone, { userId: alice }, { ...rules, nowMs: NOW + afterMs });
    expect(decision.kind).toBe(kind);
    // The UserSigs of the deleted account stay invalid.
    if (decision.kind === 'create')
      expect(decision.account).toMatchObject({ nick: '', sigValidFromS: 100, livesBefore: 1 });
  });

  it('begins no other life before the deletion is finished', () => {
    const deleted = toTombstone(stored, { deletedAtMs: NOW, sigValidFromS: 100, operator: '' });
    const unlocked = { nowMs: NOW, deletedLockDays: 0 };
    expect(decideImport(deleted, { userId: alice }, unlocked).kind).toBe('finish-deletion');
    expect(closeDeletion(deleted, 1)).toBeUndefined();
    expect(closeDeletion(closeDeletion(deleted, 0), 0)).toBeUndefined();
  });
});
