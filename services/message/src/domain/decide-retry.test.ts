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
  const base = { attempt: 0, role: CallerRole.USER, windowMs: 120_000, coordinationAgeMs: 0 };

  it('believes the attempts of SDKs', () => {
    expect(mayBeForgotten(base)).toBe(false);
    expect(mayBeForgotten({ ...base, attempt: 1, coordinationAgeMs: 1e9 })).toBe(true);
  });

  it('doubts a young coordination for callers that cannot count', () => {
    expect(mayBeForgotten({ ...base, role: CallerRole.ADMIN, coordinationAgeMs: 119_999 })).toBe(true);
    expect(mayBeForgotten({ ...base, role: CallerRole.ADMIN, coordinationAgeMs: 120_000 })).toBe(false);
  });
});
