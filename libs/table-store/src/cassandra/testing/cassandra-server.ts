// A Cassandra node that one test file owns: it may stop, kill and start it. Made by the scripts of `make
// engines-up`, in a directory and on ports of its own.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../../../..', import.meta.url));
const UP = join(REPOSITORY, 'deploy/engines/up.sh');
/** Where `make engines-up` has put the artifacts already, if it ran here. */
const SHARED = join(process.env.PARLEY_ENGINES_DIR ?? join(REPOSITORY, 'data/engines'), 'cassandra');
const POLL_MS = 50;

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @throws Error, saying what was waited for. */
export async function until(
  what: string,
  waitMs: number,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + waitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${waitMs} ms until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

export class CassandraServer {
  readonly address: string;
  readonly #dir: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(ports: readonly number[]) {
    this.address = `127.0.0.1:${ports[0]}`;
    this.#dir = mkdtempSync(join(tmpdir(), 'parley-cassandra-'));
    this.#env = {
      ...process.env,
      PARLEY_ENGINES_DIR: this.#dir,
      PARLEY_ENGINES_DOCKER: 'never',
      PARLEY_ENGINES_CASSANDRA_PORT: `${ports[0]}`,
      PARLEY_ENGINES_CASSANDRA_STORAGE_PORT: `${ports[1]}`,
      PARLEY_ENGINES_CASSANDRA_JMX_PORT: `${ports[2]}`,
    };
  }

  /** Undefined, after saying why, when none can be started here. */
  static async start(): Promise<CassandraServer | undefined> {
    const server = new CassandraServer([await freePort(), await freePort(), await freePort()]);
    server.#shareArtifacts();
    const problem = await server.#up();
    if (problem === undefined) return server;
    process.stderr.write(`no Cassandra of its own: ${problem}\n`);
    await server.remove();
    return undefined;
  }

  /** Starts it again where it was. */
  async restart(): Promise<void> {
    const problem = await this.#up();
    if (problem !== undefined) throw new Error(problem);
  }

  /** kill -9, and resolves when it is gone. */
  async kill(): Promise<void> {
    const pid = this.#pid();
    if (pid === undefined) return;
    process.kill(pid, 'SIGKILL');
    await until('Cassandra is gone', 10_000, () => !existsSync(`/proc/${pid}`));
    rmSync(join(this.#dir, 'cassandra/pid'), { force: true });
  }

  stop(): void {
    process.kill(this.#pid() as number, 'SIGSTOP');
  }

  resume(): void {
    process.kill(this.#pid() as number, 'SIGCONT');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #up(): Promise<string | undefined> {
    return new Promise((resolve) => {
      execFile('bash', [UP, 'cassandra'], { env: this.#env }, (error, _stdout, stderr) =>
        resolve(error ? stderr.trim() || error.message : undefined),
      );
    });
  }

  #pid(): number | undefined {
    const file = join(this.#dir, 'cassandra/pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[0]) : undefined;
  }

  #shareArtifacts(): void {
    if (!existsSync(SHARED)) return;
    mkdirSync(join(this.#dir, 'cassandra'), { recursive: true });
    for (const name of readdirSync(SHARED).filter((it) => it.startsWith('lib-'))) {
      symlinkSync(join(SHARED, name), join(this.#dir, 'cassandra', name));
    }
  }
}
