// A process of clients only: a process may open so many sockets, and one loop of events hears only so much.
// Run as a child process: hears calls over IPC and answers each.
import type { CrowdAnswer, CrowdCall } from './crowd.js';
import { CrowdClients } from './crowd-clients.js';

const tell = (answer: CrowdAnswer): void => {
  process.send?.(answer);
};
const clients = new CrowdClients((connected) => tell({ connected }));

process.on('message', (call: CrowdCall) => {
  void answer(call);
});
process.on('disconnect', () => process.exit(0));

async function answer({ id, method, args }: CrowdCall): Promise<void> {
  const run = clients[method] as (...args: unknown[]) => unknown;
  try {
    tell({ id, result: await run.apply(clients, [...args]) });
  } catch (thrown) {
    tell({ id, error: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}
