import { ErrorCode } from '@parley/kernel';
import { SendGate } from './send-gate.js';

describe('SendGate', () => {
  it('lets the first through at once and the others in their order', async () => {
    const gate = new SendGate();
    const order: number[] = [];
    expect(gate.enter('a')).toBeUndefined();
    const second = gate.enter('a')?.then(() => order.push(2));
    const third = gate.enter('a')?.then(() => order.push(3));
    expect(gate.enter('b')).toBeUndefined();
    await Promise.resolve();
    expect(order).toEqual([]);
    gate.leave('a');
    await second;
    expect(order).toEqual([2]);
    gate.leave('a');
    await third;
    expect(order).toEqual([2, 3]);
    gate.leave('a');
    gate.leave('b');
    expect(gate.size).toBe(0);
  });

  it('bounds who waits', () => {
    const gate = new SendGate();
    gate.enter('a');
    for (let waiting = 0; waiting < 256; waiting++) gate.enter('a');
    expect(() => gate.enter('a')).toThrow(expect.objectContaining({ code: ErrorCode.OVERLOADED }));
    expect(gate.enter('b')).toBeUndefined();
  });
});
