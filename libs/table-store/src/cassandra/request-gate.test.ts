import { ErrorCode } from '@parley/kernel';
import { RequestGate } from './request-gate.js';

describe('the gate of requests', () => {
  it('lets so many in, and the others in the order in which they came', async () => {
    const gate = new RequestGate(2, 10);
    expect([gate.enter(), gate.enter()]).toEqual([undefined, undefined]);
    const entered: string[] = [];
    const enter = async (name: string): Promise<void> => {
      await gate.enter();
      entered.push(name);
    };
    const all = ['a', 'b', 'c'].map(enter);
    expect([gate.inFlight, gate.waiting]).toEqual([2, 3]);
    gate.leave();
    await all[0];
    expect(entered).toEqual(['a']);
    gate.leave();
    gate.leave();
    await Promise.all(all);
    expect(entered).toEqual(['a', 'b', 'c']);
    gate.leave();
    gate.leave();
    expect([gate.inFlight, gate.waiting]).toEqual([0, 0]);
  });

  it('refuses when too many wait', () => {
    const gate = new RequestGate(1, 1);
    gate.enter();
    void gate.enter();
    expect(() => gate.enter()).toThrow(expect.objectContaining({ code: ErrorCode.OVERLOADED }));
  });
});
