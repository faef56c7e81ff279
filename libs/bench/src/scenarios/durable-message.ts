// A durable one-to-one message: send, fsync, ack, delivery, history, heads,
// beside a relay that does nothing but pass the same bytes on.
import type { BenchTarget, Figure, Relay } from './bench-target.js';
import { measureMessages, measureRelay, WARM_UP_SHARE } from './message-cost.js';

const IN_FLIGHT_PER_CLIENT = 2;
const RATIO_MAX = 2.5;

export async function benchDurableMessage(target: BenchTarget, relay: Relay): Promise<Figure[]> {
  const yardstick = await measureRelay(relay, target.durationMs, IN_FLIGHT_PER_CLIENT);
  const server = await measureMessages(target, {
    processes: [{ name: 'server', pid: target.serverPid }],
    inFlightPerClient: IN_FLIGHT_PER_CLIENT,
    warmUpMs: target.durationMs * WARM_UP_SHARE,
  });
  const ratio = server.microsPerMessage / yardstick.microsPerMessage;
  return [
    {
      name: 'durable one-to-one message',
      value: server.microsPerMessage,
      unit: 'µs server CPU',
      yardstick: yardstick.microsPerMessage,
      target: `≤ ${RATIO_MAX}× the bare relay`,
      isMet: ratio <= RATIO_MAX,
    },
    {
      name: 'durable one-to-one messages, closed loop',
      value: server.perSecond,
      unit: 'messages/s',
      yardstick: yardstick.perSecond,
      target: 'none; beside the relay',
      isMet: true,
    },
  ];
}
