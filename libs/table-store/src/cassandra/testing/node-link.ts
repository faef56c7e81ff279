// The network between one client and a node, broken at a test's will; the node itself and its other clients notice
// nothing of it.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

type State = 'whole' | 'refused' | 'silent';

export class NodeLink {
  readonly #listener: Server;
  readonly #ends = new Set<Socket>();
  #state: State = 'whole';

  private constructor(target: { readonly host: string; readonly port: number }, tls?: TlsOptions) {
    const onClient = (client: Socket): void => {
      if (this.#state === 'refused') {
        client.destroy();
        return;
      }
      const node = connect(target);
      this.#forward(client, node);
      this.#forward(node, client);
    };
    this.#listener = tls ? createTlsServer(tls, onClient) : createServer(onClient);
  }

  /** A link to the node at `host:port`; with `tls` for whoever comes by TLS, as the node itself would. */
  static async open(address: string, tls?: TlsOptions): Promise<NodeLink> {
    const at = address.lastIndexOf(':');
    const link = new NodeLink({ host: address.slice(0, at), port: Number(address.slice(at + 1)) }, tls);
    await new Promise<void>((resolve) => {
      link.#listener.listen(0, '127.0.0.1', resolve);
    });
    return link;
  }

  get address(): string {
    return `127.0.0.1:${(this.#listener.address() as { port: number }).port}`;
  }

  /** As when the process is gone: connections end, and new ones do at once. */
  refuse(): void {
    this.#state = 'refused';
    for (const end of this.#ends) end.destroy();
  }

  /** As when the process is stopped: connections stay, new ones are taken, and nobody answers. */
  silence(): void {
    this.#state = 'silent';
    for (const end of this.#ends) end.pause();
  }

  mend(): void {
    this.#state = 'whole';
    for (const end of this.#ends) end.resume();
  }

  async close(): Promise<void> {
    this.refuse();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #forward(from: Socket, to: Socket): void {
    this.#ends.add(from);
    from.on('data', (chunk: Buffer) => to.write(chunk));
    // `close` follows.
    from.on('error', () => from.destroy());
    from.on('close', () => {
      this.#ends.delete(from);
      to.destroy();
    });
    if (this.#state === 'silent') from.pause();
  }
}
