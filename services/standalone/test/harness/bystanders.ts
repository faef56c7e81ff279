// Two people who chat, both ways, all the while; what they notice is noted.
import TencentCloudChat from '@parley/sdk';
import { type Device, device, type Json, sendText, until, type World } from '../scenarios/world.js';

export interface Noticed {
  readonly messages: number;
  readonly slowestMs: number;
  /** What was shown other than once and in order of sending. */
  readonly astray: readonly string[];
  /** Changes of the connections' state, and kicks. */
  readonly disturbances: readonly unknown[];
}

const PAUSE_MS = 20;

/** One direction: what was sent, and how long the slowest took until it was shown. */
class Direction {
  private readonly sent: string[] = [];
  slowestMs = 0;

  constructor(
    private readonly from: Device,
    private readonly to: Device,
  ) {}

  get messages(): number {
    return this.sent.length;
  }

  async say(): Promise<void> {
    const startedAtMs = Date.now();
    const { ID } = await sendText(this.from, this.to.userID, `still here ${this.sent.length}`);
    this.sent.push(ID);
    const { received } = this.to;
    await until(
      `${this.to.userID} has message ${this.sent.length}`,
      () =>
        // Usually it is the last one.
        received.at(-1)?.ID === ID || received.some((one: Json) => one.ID === ID),
    );
    this.slowestMs = Math.max(this.slowestMs, Date.now() - startedAtMs);
  }

  astray(): string[] {
    const shown = this.to.received.filter((one: Json) => one.from === this.from.userID);
    const length = Math.max(shown.length, this.sent.length);
    return Array.from({ length }, (_, index) => index)
      .filter((index) => shown[index]?.ID !== this.sent[index])
      .map((index) => `${this.to.userID} was shown ${shown[index]?.ID} as message ${index}`);
  }
}

export class Bystanders {
  private isOver = false;
  private readonly disturbances: unknown[] = [];
  private readonly directions: readonly Direction[];
  private readonly talking: Promise<unknown>;

  private constructor(private readonly devices: readonly [Device, Device]) {
    const [alice, bob] = devices;
    for (const { chat } of devices) {
      chat.on(TencentCloudChat.EVENT.NET_STATE_CHANGE, (event: Json) => this.disturbances.push(event.data));
    }
    this.directions = [new Direction(alice, bob), new Direction(bob, alice)];
    this.talking = Promise.all(this.directions.map((direction) => this.talk(direction)));
    // stop() rethrows it.
    this.talking.catch(() => undefined);
  }

  static async start(world: World): Promise<Bystanders> {
    return new Bystanders([await device(world, 'alice'), await device(world, 'bob')]);
  }

  /** @throws Error when a message never came. */
  async stop(): Promise<Noticed> {
    this.isOver = true;
    await this.talking;
    const noticed = {
      messages: this.directions.reduce((sum, { messages }) => sum + messages, 0),
      slowestMs: Math.max(...this.directions.map(({ slowestMs }) => slowestMs)),
      astray: this.directions.flatMap((direction) => direction.astray()),
      disturbances: [...this.disturbances, ...this.devices.flatMap(({ kicks }) => kicks)],
    };
    await Promise.all(this.devices.map((each) => each.logout()));
    return noticed;
  }

  private async talk(direction: Direction): Promise<void> {
    while (!this.isOver) {
      await direction.say();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
