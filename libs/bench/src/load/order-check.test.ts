import { OrderCheck } from './order-check.js';

describe('OrderCheck', () => {
  const hear = (...messages: [seq: bigint, sender: string, place: number][]): OrderCheck => {
    const order = new OrderCheck();
    for (const message of messages) order.hear(...message);
    return order;
  };

  it('finds nothing where numbers and senders follow', () => {
    const order = hear([7n, 'a', 1], [8n, 'b', 2], [9n, 'a', 4]);
    expect(order).toMatchObject({ heard: 3, outOfOrder: 0, overtaken: 0 });
  });

  it('counts a number that is missing, one that comes again, and a sender who was overtaken', () => {
    expect(hear([7n, 'a', 1], [9n, 'a', 2])).toMatchObject({ outOfOrder: 1, overtaken: 0 });
    expect(hear([7n, 'a', 1], [7n, 'a', 1])).toMatchObject({ outOfOrder: 1, overtaken: 1 });
    expect(hear([7n, 'a', 2], [8n, 'a', 1])).toMatchObject({ outOfOrder: 0, overtaken: 1 });
  });
});
