import { type LaneJob, SendLane } from './send-lane.js';

interface Job extends LaneJob {
  readonly name: string;
}

const job = (name: string): Job => ({ name, attempt: 0, isInFlight: false, notBeforeMs: 0 });

describe('SendLane', () => {
  it('lets one out at a time, in order', () => {
    const lane = new SendLane<Job>();
    const [a, b] = [job('a'), job('b')];
    lane.add(a);
    lane.add(b);
    expect(lane.take(0)).toBe(a);
    expect(lane.take(0)).toBeUndefined();
    lane.remove(a);
    expect(lane.take(0)).toBe(b);
    expect(lane.size).toBe(1);
  });

  it('keeps the others behind a job that pauses', () => {
    const lane = new SendLane<Job>();
    const [a, b] = [job('a'), job('b')];
    lane.add(a);
    lane.add(b);
    lane.take(0);
    lane.repeat(a, 100);
    expect(lane.take(99)).toBeUndefined();
    expect(lane.take(100)).toBe(a);
    expect(a.attempt).toBe(1);
  });

  it('goes on behind a job that was given up in flight', () => {
    const lane = new SendLane<Job>();
    const [a, b] = [job('a'), job('b')];
    lane.add(a);
    lane.add(b);
    lane.take(0);
    lane.remove(a);
    expect(lane.take(0)).toBe(b);
  });
});
