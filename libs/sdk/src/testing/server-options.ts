// What a test server is given, and what it takes as proof of who somebody is.

/** The server's end of a socket. */
export interface Pipe {
  send(frame: Uint8Array): void;
  /** Ends the socket; what was sent before still arrives. */
  close(code: number): void;
}

export interface ProtocolServerOptions {
  readonly now: () => number;
  readonly later: (task: () => void, delayMs: number) => void;
  readonly pingIntervalMs?: number;
  readonly callsInFlightMax?: number;
}

/** A UserSig that this server takes. */
export const sigOf = (user: string): string => `sig-of-${user}`;

/** The ticket that this server gave with its n-th welcome. */
export const ticketOf = (user: string, welcome: number): Uint8Array =>
  new TextEncoder().encode(`${user} ${welcome}`);
