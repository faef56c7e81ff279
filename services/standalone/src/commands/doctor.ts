// `parley doctor`: is this machine ready for a server with these settings? Changes nothing.
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { openEmbeddedDatabase } from '@parley/embedded-db';
import { ChatError } from '@parley/kernel';
import { type EngineProbe, engineConfig, engineProbes } from '@parley/runtime';
import type { Command } from 'commander';
import { CommandError, ExitCode } from '../exit-code.js';
import { type Door, doorsOf } from '../node/doors.js';
import { loadConfig } from '../node/settings.js';

interface Finding {
  readonly what: string;
  /** Absent: fine. Present: what is wrong and what to do. */
  readonly problem?: string;
}

const FREE_BYTES_MIN = 1024 ** 3;
const GIB = 1024 ** 3;
/** Before this build existed. */
const CLOCK_MIN_MS = Date.UTC(2026, 0, 1);
/** A file this much newer than now was written by a clock that was right, or wrong, by this much. */
const CLOCK_DRIFT_MAX_MS = 60_000;
const ENGINE_DEADLINE_MS = 5_000;

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'check Node, ports, data directory, disk, clock and the engines that are chosen; says what to do',
    )
    .option('--config <file>', 'YAML file with settings')
    .action(async (options: { config?: string }) => {
      const findings = await examine(options.config);
      for (const { what, problem } of findings) {
        process.stdout.write(problem ? `✗ ${what}: ${problem}\n` : `✓ ${what}\n`);
      }
      const count = findings.filter(({ problem }) => problem).length;
      if (count > 0) throw new CommandError(`${count} problem(s) found`, ExitCode.ENVIRONMENT);
    });
}

async function examine(file?: string): Promise<Finding[]> {
  const config = loadConfig(file);
  const dataDir = resolve(config.of(engineConfig).dataDir);
  return [
    { what: 'settings' },
    // An older Node does not come this far: see main.ts.
    { what: `Node ${process.version}` },
    checkClock(dataDir),
    await checkDataDir(dataDir),
    checkDisk(dataDir),
    ...(await Promise.all(doorsOf(config).map(checkDoor))),
    ...(await Promise.all(engineProbes(config.of(engineConfig)).map(checkEngine))).flat(),
  ];
}

const finding = (what: string, problem: string | undefined): Finding =>
  problem ? { what, problem } : { what };

function checkClock(dataDir: string): Finding {
  const nowMs = Date.now();
  const what = `clock ${new Date(nowMs).toISOString()}`;
  const remedy = 'set the clock, best by NTP: UserSigs and message times depend on it';
  if (nowMs < CLOCK_MIN_MS) return { what, problem: `it is in the past; ${remedy}` };
  const database = join(dataDir, 'db');
  const aheadMs = existsSync(database) ? statSync(database).mtimeMs - nowMs : 0;
  const isBehind = aheadMs > CLOCK_DRIFT_MAX_MS;
  return finding(
    what,
    isBehind ? `${database} was written ${Math.round(aheadMs / 1_000)} s later; ${remedy}` : undefined,
  );
}

/** Opens what is there as the server would, which checks permissions, lock and format; makes nothing. */
async function checkDataDir(dataDir: string): Promise<Finding> {
  const what = `data directory ${dataDir}`;
  if (!existsSync(dataDir)) {
    const parent = nearestExisting(dataDir);
    return isWritable(parent)
      ? { what: `${what} (made at the first start)` }
      : { what, problem: `${parent} is not writable; change its owner, or set PARLEY_DATA_DIR` };
  }
  if (!isWritable(dataDir))
    return { what, problem: 'it is not writable; change its owner, or set PARLEY_DATA_DIR' };
  if (!existsSync(join(dataDir, 'format.json'))) return { what: `${what} (no data yet)` };
  try {
    await (await openEmbeddedDatabase({ dir: dataDir })).close();
    return { what };
  } catch (thrown) {
    return { what, problem: ChatError.from(thrown).info };
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    // That is the answer: permissions are all that is asked for.
    return false;
  }
}

function checkDisk(dataDir: string): Finding {
  const { bavail, bsize } = statfsSync(nearestExisting(dataDir));
  const freeBytes = bavail * bsize;
  return finding(
    `disk: ${(freeBytes / GIB).toFixed(1)} GiB free`,
    freeBytes < FREE_BYTES_MIN ? 'free at least 1 GiB, or set PARLEY_DATA_DIR' : undefined,
  );
}

/** Reached, logged in, and fit; only engines that are chosen. */
async function checkEngine(probe: EngineProbe): Promise<Finding[]> {
  try {
    const { what: found, problems } = await probe.ask(ENGINE_DEADLINE_MS);
    const answered = `${found}, at ${probe.address}`;
    if (problems.length === 0) return [{ what: answered }];
    return problems.map((problem) => ({ what: answered, problem }));
  } catch (thrown) {
    return [{ what: 'engine', problem: ChatError.from(thrown).info }];
  }
}

function checkDoor({ name, host, port, hostEnv, portEnv }: Door): Promise<Finding> {
  const what = `${name} port ${host}:${port}`;
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const remedy =
        code === 'EADDRINUSE'
          ? `it is in use; stop what listens there, or set ${portEnv}`
          : `${message}; set ${hostEnv} or ${portEnv}`;
      done({ what, problem: remedy });
    });
    probe.listen(port, host, () => probe.close(() => done({ what })));
  });
}
