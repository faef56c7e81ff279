// The network between one client and the brokers, broken at a test's will.
import { createConnection, type Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

/** Nothing listens here: connections are refused at once. */
const NOWHERE = { host: '127.0.0.1', port: 1 };

export class FaultyLink {
  readonly #sockets = new Set<Socket>();
  #isDown = false;
  #isDeaf = false;

  readonly socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
    const socket = createConnection(this.#isDown ? NOWHERE : { host, port }, onConnect);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    const emit = socket.emit.bind(socket) as (event: string, ...args: unknown[]) => boolean;
    socket.emit = ((event: string, ...args: unknown[]) =>
      event === 'data' && this.#isDeaf ? true : emit(event, ...args)) as typeof socket.emit;
    return socket;
  };

  /** Requests arrive, answers do not. */
  deafen(): void {
    this.#isDeaf = true;
  }

  /** All connections end, and new ones are refused. */
  takeDown(): void {
    this.#isDown = true;
    this.cut();
  }

  /** All connections end. */
  cut(): void {
    const reset = Object.assign(new Error('the test cut the link'), { code: 'ECONNRESET' });
    for (const socket of this.#sockets) socket.destroy(reset);
  }

  /** What is broken works again, over new connections. */
  mend(): void {
    this.#isDown = false;
    this.#isDeaf = false;
    this.cut();
  }
}
