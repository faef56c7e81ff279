// Does the suite notice when a rule is missing? Each rule is taken out of the built servers in memory, the
// scenario that should notice runs, and the checker must find what the rule prevents.
import type { Invariant } from '@parley/bench';
import { flushRedis, OwnEngine } from '@parley/test-engines';
import type { FaultReport } from './harness/fault-results.js';
import type { Patch } from './harness/patches.js';
import {
  type Changes,
  killedBeforeDelivery,
  killedWhileWriting,
  lostAcks,
} from './harness/process-scenarios.js';
import { underLoad } from './harness/under-load.js';

const SCENARIO_MS = 900_000;
const FLUSHES = 3;

const NO_DEDUPLICATION: readonly Patch[] = [
  {
    // A send is not remembered with its number …
    file: 'services/message/dist/sending/number-source.js',
    find: 'this.options.coordination.reserveNext(identity === undefined',
    replace: 'this.options.coordination.reserveNext(true',
  },
  {
    // … and the tables are not asked about a retry.
    file: 'services/message/dist/sending/accept-message.js',
    find: 'if (isIdentified(draft) && retries.mayBeForgotten(draft, call))',
    replace: 'if (false)',
  },
];

const NO_DURABLE_FLOOR: readonly Patch[] = [
  {
    // Whoever finds no counter goes on where the history writer is.
    file: 'services/message/dist/sending/counter-seeder.js',
    find: 'const block = await floors.claim(conversation, blockSize, head?.takenSeq ?? 0n);',
    replace: 'const block = { first: (head?.takenSeq ?? 0n) + 1n, last: LAST_NUMBER };',
  },
];

const COMMIT_BEFORE_HANDLER: readonly Patch[] = [
  {
    file: 'libs/event-log/dist/consumer/partition-loop.js',
    find: 'const batch = { topic: topic.name, partition: source.partition, records };',
    replace:
      'const batch = { topic: topic.name, partition: source.partition, records }; source.commit(records.at(-1).offset + 1n);',
  },
];

const NO_REPAIR: readonly Patch[] = [
  {
    file: 'services/message/dist/consumers/delivery-repair.js',
    find: 'if (missed.length > 0)',
    replace: 'if (false)',
  },
];

async function flushedRedis(changes: Changes): Promise<FaultReport> {
  const redis = await OwnEngine.start('redis');
  try {
    return await underLoad({
      name: 'redis-flushed',
      env: { PARLEY_REDIS_URL: `redis://${redis.address}` },
      ...changes,
      disturb: async ({ phase }) => {
        for (let count = 1; count <= FLUSHES; count += 1) {
          await phase(`flush ${count}`, () => flushRedis(redis));
        }
      },
    });
  } finally {
    await redis.remove();
  }
}

interface Mutation {
  readonly patches: readonly Patch[];
  readonly run: (changes: Changes) => Promise<FaultReport>;
  /** One of them must be violated. */
  readonly expected: readonly Invariant[];
}

const mutations: Readonly<Record<string, Mutation>> = {
  'no de-duplication': {
    patches: NO_DEDUPLICATION,
    run: async (changes) => (await lostAcks(changes)).report,
    expected: ['I1', 'I3'],
  },
  'no durable floor': { patches: NO_DURABLE_FLOOR, run: flushedRedis, expected: ['I1', 'I6'] },
  'commit before the handler': {
    patches: COMMIT_BEFORE_HANDLER,
    run: killedWhileWriting,
    expected: ['I1', 'I2'],
  },
  'no delivery repair': { patches: NO_REPAIR, run: killedBeforeDelivery, expected: ['I5'] },
};

describe('the suite notices', () => {
  it.each(Object.entries(mutations))(
    '%s',
    async (mutation, { patches, run, expected }) => {
      const { scenario, violations, details } = await run({ patches, mutation });
      const caught = Object.keys(violations);
      console.info(`${mutation}: ${scenario} found ${caught.join(', ') || 'nothing'}; ${details[0] ?? ''}`);
      expect(expected.some((invariant) => caught.includes(invariant))).toBe(true);
    },
    SCENARIO_MS,
  );
});
