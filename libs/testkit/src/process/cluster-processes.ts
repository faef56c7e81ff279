// A cluster on one machine: every service in processes of its own, found by address,
// over engines that run already.
import { join } from 'node:path';
import { freePort, ServerProcess, type ServerProcessOptions } from './server-process.js';

export interface ClusterOptions extends Pick<ServerProcessOptions, 'readyTimeoutMs' | 'isApart'> {
  /** How to start one process, without the target. */
  readonly command: readonly [string, ...string[]];
  /** Each process gets a directory below. */
  readonly dataDir: string;
  /** Settings of all processes: engines, keys. */
  readonly env: Readonly<Record<string, string>>;
  /** Replicas by service; default 1. */
  readonly replicas?: Readonly<Record<string, number>>;
  readonly onOutput?: (name: string, line: string) => void;
  /** Ports that a process wants, by its name: `rest-api-1`. */
  readonly ports?: Readonly<Record<string, ServerProcessOptions['ports']>>;
}

export interface ClusterMember {
  readonly service: string;
  /** `message-2`, for instance. */
  readonly name: string;
  readonly process: ServerProcess;
}

/** In this order they start; owners before their callers. */
const SERVICES = ['auth', 'profile', 'message', 'group', 'rest-api', 'access-gateway'] as const;

export class ClusterProcesses {
  private constructor(readonly members: readonly ClusterMember[]) {}

  /** Chooses ports and prepares every process; starts none. */
  static async create(options: ClusterOptions): Promise<ClusterProcesses> {
    const planned: { service: string; name: string; rpcPort: number }[] = [];
    for (const service of SERVICES) {
      for (let replica = 1; replica <= (options.replicas?.[service] ?? 1); replica += 1) {
        planned.push({ service, name: `${service}-${replica}`, rpcPort: await freePort() });
      }
    }
    const peers = planned.map(({ service, rpcPort }) => `${service}=127.0.0.1:${rpcPort}`).join(',');
    const members: ClusterMember[] = [];
    for (const { service, name, rpcPort } of planned) {
      members.push({
        service,
        name,
        process: await createMember(options, { service, name, rpcPort, peers }),
      });
    }
    return new ClusterProcesses(members);
  }

  /** Resolves when every process is ready. @throws Error with the output of the one that is not. */
  async start(): Promise<void> {
    for (const service of SERVICES) {
      await Promise.all(this.of(service).map(({ process }) => process.start()));
    }
  }

  of(service: string): readonly ClusterMember[] {
    return this.members.filter((member) => member.service === service);
  }

  /** Ends them in reverse order, each in order. */
  async stop(): Promise<void> {
    for (const service of [...SERVICES].reverse()) {
      await Promise.all(this.of(service).map(({ process }) => process.stop()));
    }
  }

  async kill(): Promise<void> {
    await Promise.all(this.members.map(({ process }) => process.kill()));
  }
}

interface Plan {
  readonly service: string;
  readonly name: string;
  readonly rpcPort: number;
  readonly peers: string;
}

function createMember(
  options: ClusterOptions,
  { service, name, rpcPort, peers }: Plan,
): Promise<ServerProcess> {
  const [executable, ...args] = options.command;
  const { onOutput, readyTimeoutMs, isApart } = options;
  const ports = options.ports?.[name];
  return ServerProcess.create({
    command: [executable, ...args, `--target=${service}`],
    dataDir: join(options.dataDir, name),
    env: {
      ...options.env,
      PARLEY_RPC_ADDRESS: `127.0.0.1:${rpcPort}`,
      // Whoever holds a service itself does not call it elsewhere.
      PARLEY_PEERS: peers
        .split(',')
        .filter((peer) => !peer.startsWith(`${service}=`))
        .join(','),
    },
    ...(readyTimeoutMs && { readyTimeoutMs }),
    ...(isApart && { isApart }),
    ...(ports && { ports }),
    ...(onOutput && { onLine: (line: string) => onOutput(name, line) }),
  });
}
