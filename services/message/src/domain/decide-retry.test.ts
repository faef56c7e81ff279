import { CallerRole } from '@parley/rpc';
import { decideRetry, mayAppearForMs, mayBeForgotten } from './decide-retry.js';
import { formatReservation, parseReservation, reservationNote } from './reservation.js';

describe('reservations', () => {
  it('are read as they were written', () => {
    expect(parseReservation(`12 ${reservationNote(1_700_000_000_000)}`)).toEqual({
      seq: 12n,
      timeMs: 1_700_000_000_000,
      isAppended: false,
    });
    expect(parseReservation(formatReservation(3n, 5, 'a'))).toEqual({ seq: 3n, timeMs: 5, isAppended: true });
  });

  it.each(['', '1', '1 2', '1 2 x', '-1 2 a', '1 2 a ', 'a b c'])('refuse %j', (text) => {
    expect(parseReservation(text)).toBeUndefined();
  });
});

describe('decideRetry', () => {
  const found = { seq: 1n, timeMs: 100_000, isAppended: false };

  it('answers again what was appended, however old', () => {
    expect(decideRetry({ ...found, isAppended: true }, 10_000_000)).toBe('answer-again');
  });

  it('appends again while there is time for it, then asks the log', () => {
    expect(decideRetry(found, 100_000)).toBe('append-again');
    expect(decideRetry(found, 104_500)).toBe('append-again');
    expect(decideRetry(found, 104_501)).toBe('ask-log');
  });

  it('gives a number up only when its record cannot be accepted any more', () => {
    expect(mayAppearForMs(100_000, 104_501)).toBe(7_499);
    expect(mayAppearForMs(100_000, 112_000)).toBe(0);
    expect(mayAppearForMs(0, 112_000)).toBe(0);
  });
});

describe('mayBeForgotten', () => {
  const base = {
    attempt: 0,
    role: CallerRole.USER,
    windowMs: 120_000,
    firstAttemptAgeMs: undefined,
    coordinationAgeMs: 0,
    isUnbroken: true,
  };
  const again = { ...base, attempt: 1, coordinationAgeMs: 1e9 };

  it('believes the attempts of SDKs', () => {
    expect(mayBeForgotten(base)).toBe(false);
    expect(mayBeForgotten(again)).toBe(true);
  });

  it('doubts no repetition whose first attempt fell into the life of coordination', () => {
    const young = { ...again, firstAttemptAgeMs: 5_000 };
    expect(mayBeForgotten(young)).toBe(false);
    expect(mayBeForgotten({ ...young, isUnbroken: false })).toBe(true);
    expect(mayBeForgotten({ ...young, coordinationAgeMs: 15_000 })).toBe(true);
    expect(mayBeForgotten({ ...young, coordinationAgeMs: 15_001 })).toBe(false);
  });

  it('doubts repetitions whose reservation may have come to its end', () => {
    expect(mayBeForgotten({ ...again, firstAttemptAgeMs: 109_999 })).toBe(false);
    expect(mayBeForgotten({ ...again, firstAttemptAgeMs: 110_000 })).toBe(true);
  });

  it('takes no first attempt for one that is still to come', () => {
    const early = { ...again, firstAttemptAgeMs: -1e9 };
    expect(mayBeForgotten({ ...early, coordinationAgeMs: 10_000 })).toBe(true);
    expect(mayBeForgotten({ ...early, coordinationAgeMs: 10_001 })).toBe(false);
  });

  it('doubts a young coordination for callers that cannot count', () => {
    const admin = { ...base, role: CallerRole.ADMIN };
    expect(mayBeForgotten({ ...admin, coordinationAgeMs: 119_999 })).toBe(true);
    expect(mayBeForgotten({ ...admin, coordinationAgeMs: 120_000 })).toBe(false);
    // The first attempt of whoever repeats for them is not theirs.
    const repeated = { ...admin, attempt: 1, firstAttemptAgeMs: 100 };
    expect(mayBeForgotten({ ...repeated, coordinationAgeMs: 119_999 })).toBe(true);
    expect(mayBeForgotten({ ...repeated, coordinationAgeMs: 120_000 })).toBe(false);
  });
});
