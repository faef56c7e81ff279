// A Redis Cluster of three primaries that one test file owns.
import { RedisServer, until } from './redis-server.js';

const SLOTS = 16_384;
const NODES = 3;

export class TestCluster {
  readonly nodes: readonly RedisServer[];

  private constructor(nodes: readonly RedisServer[]) {
    this.nodes = nodes;
  }

  static async start(): Promise<TestCluster> {
    const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
    const nodes = await Promise.all(Array.from({ length: NODES }, () => RedisServer.start(...args)));
    const share = Math.ceil(SLOTS / NODES);
    for (const [at, node] of nodes.entries()) {
      const last = Math.min(SLOTS, (at + 1) * share) - 1;
      await node.command('CLUSTER', 'ADDSLOTSRANGE', `${at * share}`, `${last}`);
      await node.command('CLUSTER', 'SET-CONFIG-EPOCH', `${at + 1}`);
    }
    for (const node of nodes.slice(1)) {
      await node.command('CLUSTER', 'MEET', '127.0.0.1', `${nodes[0]?.port}`);
    }
    const cluster = new TestCluster(nodes);
    await until('the cluster is whole', async () => {
      const infos = await Promise.all(nodes.map((node) => node.command('CLUSTER', 'INFO')));
      return infos.every(
        (info) => /cluster_state:ok/.test(`${info}`) && /cluster_known_nodes:3/.test(`${info}`),
      );
    });
    return cluster;
  }

  get urls(): string[] {
    return this.nodes.map((node) => node.url);
  }

  async slotOf(key: string): Promise<number> {
    return Number(await this.nodes[0]?.command('CLUSTER', 'KEYSLOT', key));
  }

  /** Moves a slot with its keys from one node to another, as an operator would. */
  async move(slot: number, from: RedisServer, to: RedisServer): Promise<void> {
    const [fromId, toId] = [await from.command('CLUSTER', 'MYID'), await to.command('CLUSTER', 'MYID')];
    await to.command('CLUSTER', 'SETSLOT', `${slot}`, 'IMPORTING', `${fromId}`);
    await from.command('CLUSTER', 'SETSLOT', `${slot}`, 'MIGRATING', `${toId}`);
    for (;;) {
      const keys = (await from.command('CLUSTER', 'GETKEYSINSLOT', `${slot}`, '50')) as string[];
      if (keys.length === 0) break;
      await from.command('MIGRATE', '127.0.0.1', `${to.port}`, '', '0', '2000', 'KEYS', ...keys);
    }
    for (const node of [to, ...this.nodes.filter((other) => other !== to)]) {
      await node.command('CLUSTER', 'SETSLOT', `${slot}`, 'NODE', `${toId}`);
    }
  }

  async ownerOf(slot: number): Promise<RedisServer> {
    const ranges = (await this.nodes[0]?.command('CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
    const range = ranges.find(([first, last]) => slot >= first && slot <= last);
    const owner = this.nodes.find((node) => node.port === range?.[2][1]);
    if (!owner) throw new Error(`slot ${slot} belongs to nobody`);
    return owner;
  }

  async remove(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.remove()));
  }
}
