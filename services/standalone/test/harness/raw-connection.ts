// Bytes on a TCP connection, as no library would send them.
import { once } from 'node:events';
import { connect } from 'node:net';

export interface Exchange {
  readonly url: string;
  /** Sent one after the other, each when the one before has been handed over. */
  readonly parts: readonly (string | Uint8Array)[];
  /** Ends the exchange before the server does; default: the server ends it. */
  readonly until?: (received: Buffer) => boolean;
  /** Bound on the server's answer, ms; default 8,000. */
  readonly timeoutMs?: number;
}

const ANSWER_BYTES_MAX = 1 << 20;

/** What the server said until the end. @throws Error when neither end comes in time. */
export async function exchange({ url, parts, until, timeoutMs = 8_000 }: Exchange): Promise<Buffer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // A server that hangs up on what it refuses may reset the connection; what it said until then counts.
  socket.on('error', () => socket.destroy());
  let received: Buffer = Buffer.alloc(0);
  const over = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no end after ${timeoutMs} ms`)), timeoutMs);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > ANSWER_BYTES_MAX || until?.(received)) end();
    });
    socket.once('close', end);
  });
  for (const part of parts) {
    if (!socket.write(part) && !socket.destroyed) await Promise.race([once(socket, 'drain'), over]);
  }
  try {
    await over;
  } finally {
    socket.destroy();
  }
  return received;
}
