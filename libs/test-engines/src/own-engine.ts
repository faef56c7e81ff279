// An engine that one test file owns: it may stop, kill, freeze, empty and start it. Made by the scripts of `make
// engines-up`, in a directory and on ports of its own; nothing of it is shared but the artifacts.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineName } from './engine-address.js';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const UP = join(REPOSITORY, 'deploy/engines/up.sh');
/** Where `make engines-up` has put the artifacts already, if it ran here. */
const SHARED = process.env.PARLEY_ENGINES_DIR ?? join(REPOSITORY, 'data/engines');
/** The settings of `up.sh` that name ports; the first one is the engine's address. */
const PORTS = {
  kafka: ['KAFKA_PORT', 'KAFKA_CONTROLLER_PORT'],
  cassandra: ['CASSANDRA_PORT', 'CASSANDRA_STORAGE_PORT', 'CASSANDRA_JMX_PORT'],
  redis: ['REDIS_PORT'],
} as const;
/**
 * Below the ports that systems give to connections: whoever dials an absent engine there again and again
 * would one day be given the very port, be connected to itself, and keep the engine from coming back.
 */
const FIRST_PORT = 20_000;
const PORT_COUNT = 10_000;
const GONE_WITHIN_MS = 40_000;
const FLUSHED_WITHIN_MS = 10_000;
const POLL_MS = 20;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORT_COUNT);
    if (await isFree(port)) return port;
  }
}

/** One engine over its lives, on one address and one set of data. */
export class OwnEngine {
  readonly #dir = mkdtempSync(join(tmpdir(), 'parley-engine-'));

  private constructor(
    readonly name: EngineName,
    private readonly ports: Readonly<Record<string, number>>,
    private readonly settings: Readonly<Record<string, string>>,
  ) {
    this.#shareArtifacts();
  }

  /**
   * Resolves when it answers. `settings` are those of deploy/engines/README.md.
   * @throws Error saying why it cannot be started here.
   */
  static async start(name: EngineName, settings: Readonly<Record<string, string>> = {}): Promise<OwnEngine> {
    const ports: Record<string, number> = {};
    for (const setting of PORTS[name]) ports[setting] = await freePort();
    const engine = new OwnEngine(name, ports, settings);
    try {
      await engine.start();
    } catch (thrown) {
      await engine.remove();
      throw thrown;
    }
    return engine;
  }

  /** `host:port` of clients. */
  get address(): string {
    return `127.0.0.1:${this.ports[PORTS[this.name][0]]}`;
  }

  /** What this life of the engine has printed. */
  get log(): string {
    return readFileSync(join(this.#dir, this.name, 'log'), 'utf8');
  }

  /** Starts it again where it was; does nothing while it runs. @throws Error with the end of its log. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      execFile('bash', [UP, this.name], { env: this.#env() }, (error, _stdout, stderr) =>
        error ? reject(new Error(stderr.trim() || error.message)) : resolve(),
      );
    });
  }

  /** An orderly end; resolves when it is gone. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** kill -9, and resolves when it is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Stops its clock (SIGSTOP), as a long pause of its machine would: connections stay open and nobody answers. */
  freeze(): void {
    process.kill(this.#runningPid(), 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.#runningPid(), 'SIGCONT');
  }

  /** Kills it and removes what it stored. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const pid = this.#pid();
    if (pid === undefined) return;
    process.kill(pid, signal);
    const deadline = Date.now() + GONE_WITHIN_MS;
    while (isRunning(pid)) {
      if (Date.now() > deadline) throw new Error(`${this.name} (pid ${pid}) did not end after ${signal}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    rmSync(this.#pidFile(), { force: true });
  }

  #pidFile(): string {
    return join(this.#dir, this.name, 'pid');
  }

  /** Undefined while it is down. */
  #pid(): number | undefined {
    if (!existsSync(this.#pidFile())) return undefined;
    const pid = Number(readFileSync(this.#pidFile(), 'utf8').split(' ')[0]);
    return pid > 0 && isRunning(pid) ? pid : undefined;
  }

  #runningPid(): number {
    const pid = this.#pid();
    if (pid === undefined) throw new Error(`${this.name} is not running`);
    return pid;
  }

  #env(): NodeJS.ProcessEnv {
    const ports = Object.entries(this.ports).map(([name, port]) => [`PARLEY_ENGINES_${name}`, `${port}`]);
    return {
      ...process.env,
      ...Object.fromEntries(ports),
      PARLEY_ENGINES_DIR: this.#dir,
      PARLEY_ENGINES_DOCKER: 'never',
      PARLEY_ENGINES_KAFKA_HEAP: '256m',
      PARLEY_ENGINES_CASSANDRA_HEAP: '512m',
      ...this.settings,
    };
  }

  #shareArtifacts(): void {
    const shared = join(SHARED, this.name);
    if (!existsSync(shared)) return;
    mkdirSync(join(this.#dir, this.name), { recursive: true });
    for (const name of readdirSync(shared).filter((it) => it.startsWith('lib-'))) {
      symlinkSync(join(shared, name), join(this.#dir, this.name, name));
    }
  }
}

/** What has ended but was not collected yet, where the system shows that, does not run: its ports and files are free. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = `/proc/${pid}/stat`;
    // The state is the first letter after the name, which may itself hold parentheses.
    return !existsSync(stat) || readFileSync(stat, 'utf8').split(') ').at(-1)?.[0] !== 'Z';
  } catch (thrown) {
    if (['ESRCH', 'ENOENT'].includes((thrown as { code?: string }).code ?? '')) return false;
    throw thrown;
  }
}

/** Removes everything from a Redis server. @throws Error when it does not say so in time. */
export function flushRedis(engine: OwnEngine): Promise<void> {
  const [host, port] = engine.address.split(':') as [string, string];
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port: Number(port), timeout: FLUSHED_WITHIN_MS });
    const end = (error?: Error) => {
      socket.destroy();
      if (error) reject(error);
      else resolve();
    };
    socket.once('connect', () => socket.write('FLUSHALL\r\n'));
    socket.once('data', (answer) =>
      end(answer.toString() === '+OK\r\n' ? undefined : new Error(`${answer}`)),
    );
    socket.once('timeout', () => end(new Error('Redis did not answer')));
    socket.once('error', end);
  });
}
