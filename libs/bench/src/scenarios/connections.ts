// What a connection costs: idle memory, and CPU per login and per login that comes back.
import { cpuSecondsOf, residentBytesOf } from '../measure/process-cost.js';
import { type BenchTarget, connectUsers, type Figure } from './bench-target.js';

const IDLE_CONNECTIONS = 4_000;
const LOGINS = 2_000;
const IDLE_BYTES_MAX = 12 * 1024;
const LOGINS_PER_CPU_SECOND_MIN = 3_000;
const RESUMES_PER_CPU_SECOND_MIN = 5_000;
const SETTLE_MS = 3_000;

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

export async function benchIdleConnection(target: BenchTarget): Promise<Figure[]> {
  // A first wave lets the server grow what it grows once: code, pools, caches.
  const first = await connectUsers(target, IDLE_CONNECTIONS / 4);
  for (const client of first) client.close();
  await settle();
  const before = residentBytesOf(target.serverPid);
  const clients = await connectUsers(target, IDLE_CONNECTIONS);
  await settle();
  const bytes = (residentBytesOf(target.serverPid) - before) / IDLE_CONNECTIONS;
  for (const client of clients) client.close();
  return [
    {
      name: `idle authenticated connection (${IDLE_CONNECTIONS} of them)`,
      value: bytes,
      unit: 'bytes RSS',
      target: `≤ ${IDLE_BYTES_MAX} bytes`,
      isMet: bytes <= IDLE_BYTES_MAX,
    },
  ];
}

export async function benchLogin(target: BenchTarget): Promise<Figure[]> {
  // The accounts exist already: a login, not a registration.
  const known = await connectUsers(target, LOGINS);
  for (const client of known) client.close();
  await settle();
  const cpu = cpuSecondsOf(target.serverPid);
  const clients = await connectUsers(target, LOGINS);
  const perCpuSecond = LOGINS / (cpuSecondsOf(target.serverPid) - cpu);
  for (const client of clients) client.close();
  return [
    {
      name: 'login (socket, UserSig, session)',
      value: perCpuSecond,
      unit: 'per CPU-second',
      target: `≥ ${LOGINS_PER_CPU_SECOND_MIN}`,
      isMet: perCpuSecond >= LOGINS_PER_CPU_SECOND_MIN,
    },
  ];
}

export async function benchResume(target: BenchTarget): Promise<Figure[]> {
  // Two waves: the second comes back, so that nothing is measured that the server does once.
  const known = await connectUsers(target, LOGINS);
  for (const client of known) client.close();
  const warm = await connectUsers(target, LOGINS, { former: known });
  for (const client of warm) client.close();
  await settle();
  const cpu = cpuSecondsOf(target.serverPid);
  const clients = await connectUsers(target, LOGINS, { former: warm });
  const perCpuSecond = LOGINS / (cpuSecondsOf(target.serverPid) - cpu);
  for (const client of clients) client.close();
  return [
    {
      name: 'login that comes back (socket, ticket, session)',
      value: perCpuSecond,
      unit: 'per CPU-second',
      target: `≥ ${RESUMES_PER_CPU_SECOND_MIN}`,
      isMet: perCpuSecond >= RESUMES_PER_CPU_SECOND_MIN,
    },
  ];
}
