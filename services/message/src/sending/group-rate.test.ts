import { type Coordination, createMemoryCoordination } from '@parley/coordination';
import type { AppId, GroupId } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { waitFor } from '@parley/testkit';
import { groupConversationOf } from '../domain/conversation.js';
import { GroupRate } from './group-rate.js';

const { HIGH, NORMAL, LOW, LOWEST, UNSPECIFIED } = messagev1.MessagePriority;
const GROUP = groupConversationOf(7 as AppId, 'g' as GroupId);
const OTHER = groupConversationOf(7 as AppId, 'h' as GroupId);

describe('GroupRate', () => {
  let nowMs = 5_000;
  const clock = { now: () => nowMs };
  const inCluster = (engine: Coordination): Coordination =>
    new Proxy(engine, {
      get: (target, name) => (name === 'scope' ? 'cluster' : Reflect.get(target, name).bind(target)),
    });
  const create = (coordination: Coordination = createMemoryCoordination({ clock })) => {
    let lost = 0;
    const rate = new GroupRate({ coordination, clock, onLost: () => lost++ });
    const admitted = (times: number, priority = NORMAL, rateMax = 40, group = GROUP) =>
      Array.from({ length: times }, () => rate.admit(group, priority, rateMax)).filter(Boolean).length;
    return { admitted, lost: () => lost };
  };

  it.each([1, 40, 1_000])('takes %i of the rate in a second, and as many in the next', (rateMax) => {
    nowMs = 5_000;
    const { admitted } = create();
    expect(admitted(rateMax + 5, NORMAL, rateMax)).toBe(rateMax);
    nowMs = 5_999;
    expect(admitted(1, NORMAL, rateMax)).toBe(0);
    expect(admitted(1, NORMAL, rateMax, OTHER)).toBe(1);
    nowMs = 6_000;
    expect(admitted(rateMax + 5, NORMAL, rateMax)).toBe(rateMax);
  });

  it('sheds the lowest first: lower ones never take the place of higher ones', () => {
    const { admitted } = create();
    nowMs += 1_000;
    expect(admitted(50, LOWEST)).toBe(40);
    expect(admitted(30, HIGH)).toBe(30);
    expect(admitted(50, UNSPECIFIED)).toBe(10);
    expect(admitted(5, LOW)).toBe(0);
    expect(admitted(50, HIGH)).toBe(10);
  });

  it('is shared by the processes of a cluster, an eighth at a time', async () => {
    nowMs += 1_000;
    const engine = createMemoryCoordination({ clock });
    const [one, two] = [create(inCluster(engine)), create(inCluster(engine))];
    let total = 0;
    for (let round = 0; round < 20; round++) {
      total += one.admitted(4) + two.admitted(4);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(total).toBeGreaterThanOrEqual(40);
    expect(total).toBeLessThanOrEqual(40 + 2 * 8);
  });

  it('counts on alone when coordination is away', async () => {
    nowMs += 1_000;
    const engine = createMemoryCoordination({ clock });
    await engine.close();
    const { admitted, lost } = create(inCluster(engine));
    expect(admitted(50)).toBe(40);
    await waitFor(() => lost() > 0);
  });
});
