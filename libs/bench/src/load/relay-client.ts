// The relay's client: the same shape of traffic as a RawClient, without a protocol.
import { WebSocket } from 'ws';

const HEADER_BYTES = 8;
/** As the target of a frame: every other client. */
export const EVERYBODY = 0xffff_ffff;

/** Sends frames `[target u32][call u32][payload]` and counts what comes back. */
export class RelayClient {
  private readonly waiting = new Map<number, () => void>();
  private nextCall = 1;

  private constructor(
    private readonly socket: WebSocket,
    private readonly onPush: (payload: Buffer) => void,
  ) {
    socket.on('message', (data: Buffer) => this.receive(data));
  }

  static async connect(url: string, id: number, onPush: (payload: Buffer) => void): Promise<RelayClient> {
    const socket = new WebSocket(`${url}/${id}`, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new RelayClient(socket, onPush);
  }

  /** Resolves when the relay acknowledged. */
  send(target: number, payload: Uint8Array): Promise<void> {
    const call = this.nextCall++;
    const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
    frame.writeUInt32BE(target, 0);
    frame.writeUInt32BE(call, 4);
    frame.set(payload, HEADER_BYTES);
    return new Promise((resolve) => {
      this.waiting.set(call, resolve);
      this.socket.send(frame);
    });
  }

  close(): void {
    this.socket.terminate();
  }

  private receive(data: Buffer): void {
    if (data.length > HEADER_BYTES) {
      this.onPush(data.subarray(HEADER_BYTES));
      return;
    }
    const call = data.readUInt32BE(4);
    this.waiting.get(call)?.();
    this.waiting.delete(call);
  }
}
