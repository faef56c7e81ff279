// The connections to the brokers. kafkajs loses sight of one when it reconnects after an outage; it stays
// open, with a timer, until the broker ends it after minutes. So the log keeps the list itself.
import { isIP, connect as openPlain, type Socket } from 'node:net';
import { connect as openTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

/** A dead peer is noticed after this while nothing is said. */
const KEEP_ALIVE_MS = 30_000;
const LISTENERS_MAX = 100;

/** Opens a plain or a TLS connection. */
export const openSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? openTls({ host, port, servername: isIP(host) ? '' : host, ...ssl }, onConnect)
    : openPlain({ host, port }, onConnect);
  // Each of the driver's attempts to close one that is still connecting leaves a listener until it is done.
  socket.setMaxListeners(LISTENERS_MAX);
  return socket.setKeepAlive(true, KEEP_ALIVE_MS);
};

export class BrokerSockets {
  readonly #open: ISocketFactory;
  readonly #sockets = new Set<Socket>();

  constructor(open: ISocketFactory) {
    this.#open = open;
  }

  readonly factory: ISocketFactory = (target) => {
    const socket = this.#open(target);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  };

  /** Ends what is left once every client has disconnected. */
  closeAll(): void {
    // The driver puts its timers away when the other side ends a connection, not when its own side does.
    for (const socket of this.#sockets) {
      socket.emit('end');
      socket.destroy();
    }
  }
}
