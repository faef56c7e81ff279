// What strangers and broken clients send to each door of a whole server: every one
// gets its documented answer, memory stays bounded, and two people who chat meanwhile do not notice.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { residentBytesOf } from '@parley/bench';
import { ADMIN_ROWS } from './bad-input/admin-rows.js';
import { FLOOD_ROWS, GATEWAY_ROWS } from './bad-input/gateway-rows.js';
import { HTTP_ROWS, SLOW_HTTP_ROWS } from './bad-input/http-rows.js';
import { REST_ROWS } from './bad-input/rest-rows.js';
import { type Doors, freshUser, type Row } from './bad-input/row.js';
import { SIGNATURE_ROWS } from './bad-input/signature-rows.js';
import { SLOW_WEBSOCKET_ROWS, WEBSOCKET_ROWS } from './bad-input/websocket-rows.js';
import { Bystanders, type Noticed } from './harness/bystanders.js';
import { RawSocket, SEND, sendRequest } from './harness/raw-socket.js';
import { type RunningServer, sigFor, startServer, worldOf } from './harness/world-on-server.js';

const ROWS: readonly Row[] = [
  ...REST_ROWS,
  ...HTTP_ROWS,
  ...SIGNATURE_ROWS,
  ...GATEWAY_ROWS,
  ...WEBSOCKET_ROWS,
  ...ADMIN_ROWS,
];
const ONCE: readonly Row[] = [...FLOOD_ROWS, ...SLOW_HTTP_ROWS, ...SLOW_WEBSOCKET_ROWS];

const LATE_MS = 2_000;
const GROWTH_MAX_BYTES = 150 * 2 ** 20;

let running: RunningServer;
let doors: Doors;
let bystanders: Bystanders;
let noticed: Noticed | undefined;

beforeAll(async () => {
  running = await startServer({
    PARLEY_LOG_LEVEL: 'warn',
    // The answers of the table, not those of the limits in front of it; limits have rows of their own.
    PARLEY_REST_RATE_FACTOR: '0',
    PARLEY_REST_RECEIVE_TIMEOUT_MS: '2000',
    PARLEY_GATEWAY_LOGIN_DEADLINE_MS: '2000',
  });
  const operatorToken = readFileSync(join(running.dataDir, 'operator-token'), 'utf8').trim();
  doors = { ...running.server.addresses, operatorToken };
  const world = worldOf(running, '');
  bystanders = await Bystanders.start({
    ...world,
    userSigs: { ...world.userSigs, alice: sigFor('alice'), bob: sigFor('bob') },
  });
});
afterAll(async () => {
  if (!noticed) await bystanders?.stop();
  await running.close();
});

describe('bad input', () => {
  it.each([...ROWS, ...ONCE])('%s: %s', async (_what, answer, attempt) => {
    expect(await attempt(doors, 0)).toBe(answer);
  });

  it('has rows enough, each with a name of its own', () => {
    const names = [...ROWS, ...ONCE].map(([what]) => what);
    expect(names.length).toBeGreaterThanOrEqual(60);
    expect(new Set(names).size).toBe(names.length);
  });

  it('guessing ends in 70050, and the right signature still passes', async () => {
    const guess = async (userSig: string): Promise<string> => {
      const socket = await RawSocket.open(doors.gatewayUrl);
      socket.hello({ userId: 'peggy', userSig });
      const answer = await socket.answer();
      socket.close();
      return answer;
    };
    for (let failures = 0; failures < 20; failures += 1) expect(await guess('guess')).toBe('refused 70003');
    expect(await guess('guess')).toBe('refused 70050');
    expect(await guess(sigFor('peggy'))).toBe('Welcome');
  });

  it('is not what a well-formed message is', async () => {
    const socket = await RawSocket.loggedIn(doors.gatewayUrl, freshUser());
    socket.call(SEND, sendRequest('bob', '[{"MsgType":"TIMTextElem","MsgContent":{"Text":"x"}}]'));
    expect(await socket.answer()).toBe('Reply 0');
    socket.close();
  });
});

describe('a hostile burst', () => {
  const ROUNDS = 8;
  const AT_ONCE = 32;

  /** The whole table once more, many rows at a time. */
  async function play(round: number): Promise<string[]> {
    const waiting = [...ROWS];
    const wrong: string[] = [];
    const work = async (): Promise<void> => {
      for (let row = waiting.pop(); row; row = waiting.pop()) {
        const [what, expected, attempt] = row;
        const answer = await attempt(doors, round);
        if (answer !== expected) wrong.push(`${what}: ${expected}, got ${answer}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return wrong;
  }

  it('gets the same answers, and memory stays bounded', async () => {
    const before = residentBytesOf(running.server.pid);
    let most = before;
    const sampling = setInterval(() => {
      most = Math.max(most, residentBytesOf(running.server.pid));
    }, 50);
    try {
      for (let round = 1; round <= ROUNDS; round += 1) expect(await play(round)).toEqual([]);
    } finally {
      clearInterval(sampling);
    }
    expect(most - before).toBeLessThan(GROWTH_MAX_BYTES);
  }, 120_000);
});

describe('the others', () => {
  it('chatted all the while: nothing was late, lost, doubled or cut off', async () => {
    noticed = await bystanders.stop();
    expect(noticed.messages).toBeGreaterThan(50);
    expect([noticed.astray, noticed.disturbances]).toEqual([[], []]);
    expect(noticed.slowestMs).toBeLessThan(LATE_MS);
  });

  it('find the server ready and its log without an error', async () => {
    expect((await fetch(`${running.server.addresses.adminUrl}/ready`)).status).toBe(200);
    expect(running.server.complaints).toEqual([]);
  });
});
