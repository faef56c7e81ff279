// A disk that fills up under a server: sends are refused with a code to retry, what was acked is there, and all goes on
// when there is room again.
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ServerProcess, type TemporaryDirectory, temporaryDirectory, waitFor } from '@parley/testkit';
import { newServer, SmallDisk, startAndFail, worldOfServer } from './harness/data-directories.js';
import { device, type Json, rest, restOk, sendText, until, type World } from './scenarios/world.js';

/** What the border calls "not reachable for the moment, retry". */
const UNAVAILABLE = 90994;
const DISK_MEGABYTES = 192;
const MEGABYTE = 2 ** 20;

let directory: TemporaryDirectory;
let disk: SmallDisk;
let server: ServerProcess;
let world: World;
/** Texts that were acked, in order. */
let acked: string[];
let random = 0;

beforeEach(async () => {
  directory = await temporaryDirectory();
  disk = SmallDisk.mount(join(directory.path, 'disk'), DISK_MEGABYTES);
  server = await newServer(join(disk.path, 'data'), { PARLEY_REST_RATE_FACTOR: '0' });
  await server.start();
  world = worldOfServer(server);
  acked = [];
  await restOk(world, 'im_open_login_svc/multiaccount_import', { Accounts: ['alice', 'bob'] });
}, 60_000);
afterEach(async () => {
  await server.kill();
  disk.unmount();
  await directory.remove();
});

const ballast = (): string => join(disk.path, 'ballast');

/** Somebody else takes all but so much of the disk. */
function leaveFree(megabytes: number): void {
  const { bavail, bsize } = statfsSync(disk.path);
  writeFileSync(ballast(), Buffer.alloc(bavail * bsize - megabytes * MEGABYTE));
}

/** And this is all of it, whatever the server writes meanwhile. */
function leaveNothing(): void {
  for (let isRoom = true; isRoom; ) {
    try {
      writeFileSync(ballast(), Buffer.alloc(MEGABYTE / 4), { flag: 'a' });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown;
      isRoom = false;
    }
  }
}

/** Answers the code; 0 is an ack. */
async function send(text: string): Promise<number> {
  random += 1;
  const answer = await rest(world, 'openim/sendmsg', {
    From_Account: 'alice',
    To_Account: 'bob',
    MsgRandom: random,
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
  });
  if (answer.ErrorCode === 0) acked.push(text);
  return answer.ErrorCode;
}

const FILLER = 'x'.repeat(8_000);

/** Sends until one is refused; answers its code. */
async function sendUntilFull(): Promise<number> {
  for (let sent = 0; sent < 20_000; sent += 1) {
    const code = await send(`${sent} ${FILLER}`);
    if (code !== 0) return code;
  }
  throw new Error('the disk never filled up');
}

/** All texts of the conversation, oldest first. */
async function history(): Promise<string[]> {
  const texts: string[] = [];
  let from: Json = { MaxTime: 4_000_000_000 };
  for (;;) {
    const page = await restOk(world, 'openim/admin_getroammsg', {
      Operator_Account: 'bob',
      Peer_Account: 'alice',
      MaxCnt: 100,
      MinTime: 0,
      ...from,
    });
    texts.unshift(...page.MsgList.map((one: Json) => one.MsgBody[0].MsgContent.Text));
    if (page.Complete === 1) return texts;
    from = { MaxTime: page.LastMsgTime, LastMsgKey: page.LastMsgKey };
  }
}

const short = (texts: readonly string[]): string[] => texts.map((text) => text.slice(0, 12));

/** Everything that was acked is there once, in the order of the acks, and nothing else. */
const expectWhatWasAcked = async (): Promise<void> => expect(short(await history())).toEqual(short(acked));

describe('a full disk', () => {
  it('refuses sends with a code to retry, shows what was acked, and goes on without a restart', async () => {
    leaveFree(54);
    expect(await sendUntilFull()).toBe(UNAVAILABLE);
    expect(acked.length).toBeGreaterThan(100);
    await expectWhatWasAcked();
    rmSync(ballast());
    await until('a send is accepted again', async () => (await send(`again ${random}`)) === 0);
    await expectWhatWasAcked();
    expect(server.complaints).toEqual([]);
    await server.kill();
    await server.start();
    await expectWhatWasAcked();
  }, 120_000);

  it('that others filled to the last byte keeps the server up, and what an SDK sends waits for room', async () => {
    const alice = await device(world, 'alice');
    const bob = await device(world, 'bob');
    expect(await send('before')).toBe(0);
    leaveNothing();
    expect(await send('refused')).toBe(UNAVAILABLE);
    const sending = sendText(alice, 'bob', 'from the SDK');
    expect(await send('refused, too')).toBe(UNAVAILABLE);
    await expectWhatWasAcked();
    expect((await fetch(`${server.addresses.adminUrl}/live`)).status).toBe(200);
    rmSync(ballast());
    // The SDK has repeated it all the while.
    await sending;
    acked.push('from the SDK');
    // A number that a refused send took may still be filled for 10 s, and nobody is shown what comes after it before.
    const isShown = () => bob.received.some((one: Json) => one.payload.text === 'from the SDK');
    await waitFor(isShown, { what: 'the message of the SDK', timeoutMs: 20_000 });
    await expectWhatWasAcked();
    expect(server.complaints).toEqual([]);
    await Promise.all([alice.logout(), bob.logout()]);
  }, 60_000);

  it('refuses a start with one line, until there is room', async () => {
    expect(await send('before')).toBe(0);
    leaveNothing();
    await server.kill();
    const dataDir = join(disk.path, 'data');
    expect(await startAndFail(dataDir)).toEqual({
      code: 4,
      lines: [expect.stringMatching(/is full: free at least \d+ MiB$/)],
    });
    rmSync(ballast());
    await server.start();
    expect(await send('after')).toBe(0);
    await expectWhatWasAcked();
  }, 60_000);
});
