// Scenarios that the suite runs on the product as it is, and again on a product with a rule taken out.

import type { FaultReport } from './fault-results.js';
import {
  killWriters,
  killWritersAtTheEnd,
  loseAcks,
  type RetriedSend,
  retryElsewhere,
} from './process-faults.js';
import { slowLinkTo } from './slow-link.js';
import { type UnderLoadOptions, underLoad } from './under-load.js';

export type Changes = Pick<UnderLoadOptions, 'patches' | 'mutation'>;

const ACK_ROUNDS = 4;
const WRITER_KILLS = 3;
/** Writing a batch takes some round trips to Cassandra: a good part of a second. */
const SLOW_TABLES_MS = 40;
/** Deliveries look sessions up in Redis first, while the ack goes out. */
const SLOW_SESSIONS_MS = 150;
const SLOW_FOR_MS = 2_000;
const RETRY_AFTER_MS = [1_000, 60_000];

/** Acks are lost, and their sends come again at the other gateway: after 1 s under load, and one after 60 s. */
export async function lostAcks(
  changes: Changes = {},
): Promise<{ report: FaultReport; retried: readonly RetriedSend[] }> {
  let retried: readonly RetriedSend[] = [];
  const report = await underLoad({
    name: 'lost-acks',
    ...changes,
    disturb: async (stage) => {
      const retrying = Promise.all(RETRY_AFTER_MS.map((afterMs) => retryElsewhere(stage, afterMs)));
      await loseAcks(stage, ACK_ROUNDS);
      retried = await retrying;
    },
  });
  return { report, retried };
}

/** Both message processes are killed while rows are on their way to the tables. */
export async function killedWhileWriting(changes: Changes = {}): Promise<FaultReport> {
  const cassandra = await slowLinkTo('cassandra');
  try {
    return await underLoad({
      name: 'kill-writers',
      env: cassandra.env,
      ...changes,
      disturb: async (stage) => {
        for (let kill = 1; kill <= WRITER_KILLS; kill += 1) {
          cassandra.slowDown(SLOW_TABLES_MS);
          await stage.pause(SLOW_FOR_MS + stage.random() * 1_000);
          await killWriters(stage, `kill ${kill}`, () => cassandra.slowDown(0));
        }
      },
    });
  } finally {
    await cassandra.close();
  }
}

/** Both message processes are killed between ack and delivery, and no later message shows what is missing. */
export async function killedBeforeDelivery(changes: Changes = {}): Promise<FaultReport> {
  const redis = await slowLinkTo('redis');
  let restarted: Promise<unknown> | undefined;
  try {
    const report = await underLoad({
      name: 'kill-before-delivery',
      env: redis.env,
      // Few enough that most conversations have nothing on its way whose retry would show what is missing.
      sendsPerSecond: 30,
      ...changes,
      disturb: async (stage) => {
        redis.slowDown(SLOW_SESSIONS_MS);
        await stage.pause(SLOW_FOR_MS);
        ({ restarted } = await killWritersAtTheEnd(stage));
        redis.slowDown(0);
        // Whoever waits for it hears of a failure below.
        restarted.catch(() => undefined);
      },
    });
    await restarted;
    return report;
  } finally {
    await redis.close();
  }
}
