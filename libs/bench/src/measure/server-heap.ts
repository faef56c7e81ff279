// The heap of a running server, exactly: its inspector is opened, collects garbage, and says what is in use.
//
// Resident memory grows with garbage, and says nothing about thirty bytes here and there. The inspector is opened
// when it is first asked for, so a scenario measures CPU before.
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Any free port; see the flags of the server's process. */
export const INSPECTOR_FLAG = '--inspect-port=127.0.0.1:0';
const OPENED_WITHIN_MS = 10_000;
const LISTENING = /Debugger listening on (ws:\S+)/;

interface Reply {
  readonly id: number;
  readonly result?: { readonly usedSize?: number; readonly backingStorageSize?: number };
}

export class ServerHeap {
  #opened: (url: string) => void = () => undefined;
  readonly #url = new Promise<string>((resolve) => {
    this.#opened = resolve;
  });
  #socket: WebSocket | undefined = undefined;
  #lastId = 0;

  /** Hears what the server prints: where its inspector listens is in it. */
  hear(line: string): void {
    const url = LISTENING.exec(line)?.[1];
    if (url !== undefined) this.#opened(url);
  }

  /** Bytes in use after a full collection, array buffers included. @throws Error when the inspector does not open. */
  async bytes(pid: number): Promise<number> {
    this.#socket ??= await this.#open(pid);
    // What the first collection finalises is free for the second.
    await this.#call('HeapProfiler.collectGarbage');
    await this.#call('HeapProfiler.collectGarbage');
    const { result } = await this.#call('Runtime.getHeapUsage');
    return (result?.usedSize ?? Number.NaN) + (result?.backingStorageSize ?? 0);
  }

  close(): void {
    this.#socket?.terminate();
  }

  async #open(pid: number): Promise<WebSocket> {
    process.kill(pid, 'SIGUSR1');
    const late = setTimeout(() => this.#opened(''), OPENED_WITHIN_MS);
    const url = await this.#url;
    clearTimeout(late);
    if (url === '') throw new Error('the inspector of the server did not open');
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, 'open');
    return socket;
  }

  async #call(method: string): Promise<Reply> {
    const socket = this.#socket;
    if (socket === undefined) throw new Error('the inspector of the server is not open');
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = new Promise<Reply>((resolve) => {
      const hear = (data: Buffer): void => {
        const reply = JSON.parse(data.toString()) as Reply;
        if (reply.id !== id) return;
        socket.off('message', hear);
        resolve(reply);
      };
      socket.on('message', hear);
    });
    socket.send(JSON.stringify({ id, method }));
    return await answered;
  }
}
