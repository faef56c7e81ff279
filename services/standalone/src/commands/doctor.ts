// `parley doctor`: is this machine ready for a server with these settings?
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { gatewayConfig } from '@parley/access-gateway';
import { FORMAT_VERSION } from '@parley/embedded-db';
import { restApiConfig } from '@parley/rest-api';
import { engineConfig } from '@parley/runtime';
import type { Command } from 'commander';
import { CommandError, ExitCode } from '../exit-code.js';
import { loadConfig, processConfig } from '../node/settings.js';

interface Finding {
  readonly what: string;
  /** Absent: fine. Present: what is wrong and what to do. */
  readonly problem?: string;
}

const NODE_MAJOR_MIN = 20;
const FREE_BYTES_MIN = 1024 ** 3;
const YEAR_MIN = 2025;

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check Node, ports, data directory, disk and clock; says what to do')
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
  const { dataDir } = config.of(engineConfig);
  const rest = config.of(restApiConfig);
  const gateway = config.of(gatewayConfig);
  const { adminBind, adminPort } = config.of(processConfig);
  return [
    { what: 'settings' },
    checkNode(),
    checkClock(),
    checkDataDir(dataDir),
    checkFormat(dataDir),
    checkDisk(dataDir),
    await checkPort('REST', rest.bind, rest.port),
    await checkPort('gateway', gateway.bind, gateway.port),
    await checkPort('admin', adminBind, adminPort),
  ];
}

const finding = (what: string, problem: string | undefined): Finding =>
  problem ? { what, problem } : { what };

function checkNode(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return finding(
    `Node ${process.version}`,
    major < NODE_MAJOR_MIN ? `install Node ${NODE_MAJOR_MIN} or newer` : undefined,
  );
}

function checkClock(): Finding {
  const now = new Date();
  return finding(
    `clock ${now.toISOString()}`,
    now.getFullYear() < YEAR_MIN ? 'set the clock; UserSigs depend on it' : undefined,
  );
}

function checkDataDir(dataDir: string): Finding {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK);
    return { what: `data directory ${resolve(dataDir)}` };
  } catch (thrown) {
    const problem = `${(thrown as Error).message}; change its owner, or set PARLEY_DATA_DIR`;
    return { what: `data directory ${resolve(dataDir)}`, problem };
  }
}

function checkFormat(dataDir: string): Finding {
  const path = resolve(dataDir, 'format.json');
  if (!existsSync(path)) return { what: 'data format: none yet' };
  try {
    const { format } = JSON.parse(readFileSync(path, 'utf8')) as { format: number };
    return finding(
      `data format ${format}`,
      format > FORMAT_VERSION
        ? `this version reads up to ${FORMAT_VERSION}; run the newer version that wrote it`
        : undefined,
    );
  } catch (thrown) {
    return {
      what: 'data format',
      problem: `${path} cannot be read (${(thrown as Error).message}); restore it from a backup`,
    };
  }
}

function checkDisk(dataDir: string): Finding {
  const { bavail, bsize } = statfsSync(existsSync(dataDir) ? dataDir : dirname(resolve(dataDir)));
  const free = bavail * bsize;
  return finding(
    `disk: ${(free / 1024 ** 3).toFixed(1)} GiB free`,
    free < FREE_BYTES_MIN ? 'free at least 1 GiB, or set PARLEY_DATA_DIR' : undefined,
  );
}

function checkPort(name: string, host: string, port: number): Promise<Finding> {
  const what = `${name} port ${host}:${port}`;
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', ({ message }) =>
      done({ what, problem: `${message}; stop what uses it, or set another port` }),
    );
    probe.listen(port, host, () => probe.close(() => done({ what })));
  });
}
