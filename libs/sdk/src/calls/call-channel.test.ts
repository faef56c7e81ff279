import { decodeClientFrame } from '@parley/wire';
import { VirtualClock } from '../testing/virtual-clock.js';
import { SharedTimer } from '../time/shared-timer.js';
import { type CallAttempt, CallChannel } from './call-channel.js';

const ATTEMPT: CallAttempt = { method: 10, request: Uint8Array.of(1), attempt: 0, timeoutMs: 1_000 };
const EMPTY = new Uint8Array(0);

function setUp(callsInFlightMax = 2) {
  const clock = new VirtualClock();
  const ids: number[] = [];
  const channel = new CallChannel((frame) => {
    const call = decodeClientFrame(frame);
    if (call.kind === 'call') ids.push(call.id);
    return true;
  }, new SharedTimer(clock));
  channel.open({ callsInFlightMax, frameBytesMax: 64 });
  const answer = (id: number) =>
    channel.accept({ kind: 'reply', id, code: 0, info: '', response: EMPTY, retryAfterMs: 0 });
  return { clock, channel, ids, answer };
}

describe('CallChannel', () => {
  it('gives each answer to its call, whatever their order', async () => {
    const { channel, ids, answer } = setUp();
    const calls = [channel.call(ATTEMPT), channel.call(ATTEMPT)];
    answer(ids[1] as number);
    answer(ids[0] as number);
    answer(99);
    expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(['answered', 'answered']);
    expect(new Set(ids).size).toBe(2);
  });

  it('keeps to the bound in flight and sends the next when one ends', async () => {
    const { channel, ids, answer } = setUp(2);
    for (let n = 0; n < 4; n++) void channel.call(ATTEMPT);
    expect(ids).toHaveLength(2);
    answer(ids[0] as number);
    expect(ids).toHaveLength(3);
  });

  it('ends a call that is late, in flight or waiting, and frees its place', async () => {
    const { clock, channel, ids } = setUp(1);
    const first = channel.call(ATTEMPT);
    const second = channel.call({ ...ATTEMPT, timeoutMs: 500 });
    const third = channel.call({ ...ATTEMPT, timeoutMs: 5_000 });
    await clock.pass(1_000);
    expect([await first, await second].map(({ kind }) => kind)).toEqual(['late', 'late']);
    expect(ids).toHaveLength(2);
    await clock.pass(5_000);
    expect((await third).kind).toBe('late');
  });

  it('loses every call with the socket, also when a fresh one takes over', async () => {
    const { channel, ids } = setUp(1);
    const calls = [channel.call(ATTEMPT), channel.call(ATTEMPT)];
    channel.open({ callsInFlightMax: 1, frameBytesMax: 64 });
    expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(['lost', 'lost']);
    expect(ids).toHaveLength(1);
    channel.lose();
    expect((await channel.call(ATTEMPT)).kind).toBe('lost');
  });

  it('refuses what is too large or too much', async () => {
    const { channel } = setUp(1);
    expect(await channel.call({ ...ATTEMPT, request: new Uint8Array(64) })).toMatchObject({ code: 9522 });
    for (let n = 0; n < 1_001; n++) void channel.call(ATTEMPT);
    expect(await channel.call(ATTEMPT)).toMatchObject({ kind: 'refused', code: 9507 });
  });

  it('lets callers wait for the socket, for a time, and not after the end', async () => {
    const { clock, channel } = setUp();
    expect(await channel.untilOpen(0)).toBe(true);
    channel.lose();
    const patient = channel.untilOpen(1_000);
    const hasty = channel.untilOpen(100);
    await clock.pass(200);
    expect(await hasty).toBe(false);
    channel.open({ callsInFlightMax: 1, frameBytesMax: 64 });
    expect(await patient).toBe(true);
    channel.lose();
    const last = channel.untilOpen(1_000);
    channel.abandon();
    expect(await last).toBe(false);
    expect(await channel.untilOpen(1_000)).toBe(false);
    expect(clock.pending).toBe(1); // the timers of calls that ended are not worth a wake-up each
  });
});
