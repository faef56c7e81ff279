import { create, type DescMethod, toBinary } from '@bufbuild/protobuf';
import { ErrorCode, type UserId } from '@parley/kernel';
import { authv1, messagev1 } from '@parley/proto';
import { createBalancedTransport, type Endpoint } from './balanced-transport.js';
import type { CallContext } from './call-context.js';
import { userContext } from './testing/fixtures.js';
import { rejection } from './testing/transport-contract.js';

const { send } = messagev1.MessageService.method;
const { importAccounts } = authv1.AuthService.method;

interface Replica extends Endpoint {
  readonly transport: Endpoint['transport'] & { isHealthy: boolean; isClosed: boolean };
}

/** A replica whose answers name it. */
function replica(id: string): Replica {
  const transport = {
    isHealthy: true,
    isClosed: false,
    call: async (_: DescMethod, __: Uint8Array, ___: CallContext) => new TextEncoder().encode(id),
    close: async () => {
      transport.isClosed = true;
    },
  };
  return { id, transport };
}

const replicas = (count: number): Replica[] =>
  Array.from({ length: count }, (_, i) => replica(`10.0.0.${i}:7000`));

const sendBytes = (from: string, to: string): Uint8Array =>
  toBinary(send.input, create(send.input, { from, to, body: new Uint8Array(300) }));

async function chosen(
  transport: { call: Endpoint['transport']['call'] },
  from: string,
  to: string,
  userId = 'caller',
): Promise<string> {
  const answer = await transport.call(send, sendBytes(from, to), userContext({ userId: userId as UserId }));
  return new TextDecoder().decode(answer);
}

describe('createBalancedTransport', () => {
  it('prefers one replica for a key, whatever the order of its values and of the replicas', async () => {
    const forward = createBalancedTransport(replicas(5));
    const backward = createBalancedTransport(replicas(5).reverse());
    for (let i = 0; i < 50; i++) {
      const first = await chosen(forward, 'alice', `user${i}`);
      expect(await chosen(forward, `user${i}`, 'alice')).toBe(first);
      expect(await chosen(backward, 'alice', `user${i}`)).toBe(first);
    }
  });

  it('takes the caller for an empty value', async () => {
    const transport = createBalancedTransport(replicas(7));
    for (let i = 0; i < 20; i++) {
      expect(await chosen(transport, '', `user${i}`, 'alice')).toBe(
        await chosen(transport, 'alice', `user${i}`),
      );
    }
  });

  it('spreads keys evenly', async () => {
    const transport = createBalancedTransport(replicas(4));
    const counts = new Map<string, number>();
    for (let i = 0; i < 4_000; i++) {
      const id = await chosen(transport, 'alice', `user${i}`);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    expect(counts.size).toBe(4);
    for (const count of counts.values()) {
      expect(count).toBeGreaterThan(850);
      expect(count).toBeLessThan(1_150);
    }
  });

  it('moves only the keys of a replica that is unhealthy, and back', async () => {
    const all = replicas(4);
    const transport = createBalancedTransport(all);
    const before = await Promise.all(Array.from({ length: 200 }, (_, i) => chosen(transport, 'a', `u${i}`)));
    const sick = all[1] as Replica;
    sick.transport.isHealthy = false;
    const during = await Promise.all(before.map((_, i) => chosen(transport, 'a', `u${i}`)));
    expect(during).not.toContain(sick.id);
    for (const [i, id] of before.entries()) if (id !== sick.id) expect(during[i]).toBe(id);
    sick.transport.isHealthy = true;
    expect(await Promise.all(before.map((_, i) => chosen(transport, 'a', `u${i}`)))).toEqual(before);
  });

  it('tries the preferred replica when none is healthy', async () => {
    const all = replicas(3);
    const transport = createBalancedTransport(all);
    const preferred = await chosen(transport, 'a', 'b');
    for (const one of all) one.transport.isHealthy = false;
    expect(await chosen(transport, 'a', 'b')).toBe(preferred);
  });

  it('takes turns for methods without a routing key, over the healthy', async () => {
    const all = replicas(3);
    const transport = createBalancedTransport(all);
    (all[0] as Replica).transport.isHealthy = false;
    const seen = new Set<string>();
    for (let i = 0; i < 6; i++) {
      seen.add(
        new TextDecoder().decode(await transport.call(importAccounts, new Uint8Array(), userContext())),
      );
    }
    expect([...seen].sort()).toEqual([all[1]?.id, all[2]?.id]);
  });

  it('answers UNAVAILABLE without replicas', async () => {
    const transport = createBalancedTransport([]);
    expect((await rejection(chosen(transport, 'a', 'b'))).code).toBe(ErrorCode.UNAVAILABLE);
    expect((await rejection(transport.call(importAccounts, new Uint8Array(), userContext()))).code).toBe(
      ErrorCode.UNAVAILABLE,
    );
  });

  it('closes replicas that are no longer named, and all of them at the end', async () => {
    const [one, two] = replicas(2) as [Replica, Replica];
    const transport = createBalancedTransport([one, two]);
    await transport.setEndpoints([two]);
    expect([one.transport.isClosed, two.transport.isClosed]).toEqual([true, false]);
    await transport.close();
    expect(two.transport.isClosed).toBe(true);
    expect((await rejection(chosen(transport, 'a', 'b'))).code).toBe(ErrorCode.UNAVAILABLE);
  });

  it('refuses two endpoints of one id', () => {
    expect(() => createBalancedTransport([replica('a:1'), replica('a:1')])).toThrow('share an id');
  });
});
