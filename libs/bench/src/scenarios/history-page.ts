// Reading the newest page of a conversation.
import { userTarget } from '../load/chat-target.js';
import { startClosedLoop } from '../load/closed-loop.js';
import { cpuSecondsOf } from '../measure/process-cost.js';
import {
  type BenchTarget,
  connectUsers,
  type Figure,
  partnerOf,
  textBody,
  userIdOf,
} from './bench-target.js';

const CLIENTS = 50;
const MESSAGES_EACH = 40;
const PAGE = 20;
const PAGES_PER_CPU_SECOND_MIN = 5_000;

export async function benchHistoryPage(target: BenchTarget): Promise<Figure[]> {
  const clients = await connectUsers(target, CLIENTS);
  const body = textBody();
  const run = Date.now().toString(36);
  try {
    await Promise.all(
      clients.map(async (client, index) => {
        for (let i = 0; i < MESSAGES_EACH; i += 1) {
          await client.send(userIdOf(partnerOf(index)), `${run}-${index}-${i}`, body);
        }
      }),
    );
    const loop = startClosedLoop(CLIENTS, async (lane) => {
      const page = await clients[lane]?.listMessages(userTarget(userIdOf(partnerOf(lane))), PAGE);
      if (page?.messages.length !== PAGE) throw new Error(`a page held ${page?.messages.length} messages`);
    });
    await new Promise((resolve) => setTimeout(resolve, target.durationMs / 4));
    const [cpu, done] = [cpuSecondsOf(target.serverPid), loop.done()];
    await new Promise((resolve) => setTimeout(resolve, target.durationMs));
    const perCpuSecond = (loop.done() - done) / (cpuSecondsOf(target.serverPid) - cpu);
    await loop.stop();
    return [
      {
        name: `history page of ${PAGE}`,
        value: perCpuSecond,
        unit: 'per CPU-second',
        target: `≥ ${PAGES_PER_CPU_SECOND_MIN}`,
        isMet: perCpuSecond >= PAGES_PER_CPU_SECOND_MIN,
      },
    ];
  } finally {
    for (const client of clients) client.close();
  }
}
