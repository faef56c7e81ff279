// A real `parley serve` as a child process that a test may kill, stop and start
// again on the same data and the same ports.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

export interface ServerProcessOptions {
  /** Executable and arguments, e.g. [process.execPath, 'dist/main.js', 'serve']. */
  readonly command: readonly [string, ...string[]];
  readonly dataDir: string;
  /** Further settings; ports and data directory are set here. */
  readonly env?: Readonly<Record<string, string>>;
  /** Hears every line that the server prints. */
  readonly onLine?: (line: string) => void;
  /** Bound on starting, ms; default 20,000. */
  readonly readyTimeoutMs?: number;
  /** Ports that are wanted; the others are any that are free. */
  readonly ports?: Partial<ServerPorts>;
  /** Keeps the terminal's Ctrl-C from it: whoever started it ends it. */
  readonly isApart?: boolean;
}

export interface ServerPorts {
  readonly rest: number;
  readonly gateway: number;
  readonly admin: number;
}

export interface ServerAddresses {
  readonly restUrl: string;
  readonly gatewayUrl: string;
  readonly adminUrl: string;
  readonly gatewayPort: number;
}

/**
 * Below the ports that systems give to connections: a server that is started again, or later than others, must not
 * find that some connection was given its port meanwhile.
 */
const FIRST_PORT = 20_000;
const PORT_COUNT = 12_000;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** A port that was free a moment ago, and that no connection will be given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORT_COUNT);
    if (await isFree(port)) return port;
  }
}

/** What was set for this process, its tests for instance, is nothing for the server. */
export const withoutSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PARLEY_')));

const OUTPUT_KEPT = 64 * 1024;
/** Lines that nobody wants to see at all, so a few are enough. */
const COMPLAINTS_KEPT = 20;

/**
 * One server over its lives. `start` resolves when /ready says so, and rejects
 * with the server's own output when it does not come up.
 */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private output = '';
  /** The line that has not ended yet. */
  private partial = '';
  private readonly complained: string[] = [];

  private constructor(
    private readonly options: ServerProcessOptions,
    private readonly ports: ServerPorts,
  ) {}

  static async create(options: ServerProcessOptions): Promise<ServerProcess> {
    const [rest, gateway, admin] = [await freePort(), await freePort(), await freePort()];
    return new ServerProcess(options, { rest, gateway, admin, ...options.ports });
  }

  get addresses(): ServerAddresses {
    return {
      restUrl: `http://127.0.0.1:${this.ports.rest}`,
      gatewayUrl: `ws://127.0.0.1:${this.ports.gateway}/v1/ws`,
      adminUrl: `http://127.0.0.1:${this.ports.admin}`,
      gatewayPort: this.ports.gateway,
    };
  }

  /** Of the running server. @throws Error when it is down. */
  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('the server is not running');
    return this.child.pid;
  }

  /** The end of what the server printed, over all its lives. */
  get log(): string {
    return this.output;
  }

  /** The first lines, over all its lives, that are errors or no log lines at all, such as a stack. */
  get complaints(): readonly string[] {
    return this.complained;
  }

  async start(): Promise<void> {
    const [executable, ...args] = this.options.command;
    const child = spawn(executable, args, {
      env: {
        ...withoutSettings(process.env),
        NODE_OPTIONS: '',
        PARLEY_DATA_DIR: this.options.dataDir,
        PARLEY_REST_PORT: String(this.ports.rest),
        PARLEY_GATEWAY_PORT: String(this.ports.gateway),
        PARLEY_ADMIN_PORT: String(this.ports.admin),
        ...this.options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: this.options.isApart === true,
    });
    this.child = child;
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-OUTPUT_KEPT);
      this.reportLines(chunk.toString());
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    await this.waitUntilReady(child);
  }

  private async waitUntilReady(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + (this.options.readyTimeoutMs ?? 20_000);
    while (Date.now() < deadline) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      const isReady = await fetch(`${this.addresses.adminUrl}/ready`).then(
        (response) => response.ok,
        // Not listening yet: the loop asks again until the deadline.
        () => false,
      );
      if (isReady) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await this.end('SIGKILL');
    throw new Error(`the server did not become ready:\n${this.output}`);
  }

  private reportLines(text: string): void {
    const lines = (this.partial + text).split('\n');
    this.partial = lines.pop() ?? '';
    for (const line of lines) {
      this.options.onLine?.(line);
      const isComplaint = line !== '' && (!line.startsWith('{') || line.includes('"level":"error"'));
      if (isComplaint && this.complained.length < COMPLAINTS_KEPT) this.complained.push(line);
    }
  }

  /** kill -9: nothing is flushed, nobody is told. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** An orderly stop; resolves with the exit code. */
  async stop(): Promise<number | null> {
    const child = this.child;
    await this.end('SIGTERM');
    return child?.exitCode ?? null;
  }

  /** Stops the clock of the process (SIGSTOP), as a long pause of its machine would. */
  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
    this.child = undefined;
  }
}
