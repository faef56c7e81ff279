// What the gateway needs of a WebSocket; sockets/ implements it over the driver.

export interface ClientSocket {
  /** Bytes that were written and that the operating system has not taken yet. */
  readonly waitingBytes: number;
  /** Whether frames may still be written. */
  readonly isOpen: boolean;
  /** Writes whole WebSocket frames. Does nothing on a socket that is not open. */
  writeFrames(frames: Uint8Array): void;
  /** Sends a close frame and ends the socket; ends it the hard way when the peer does not answer. */
  endWith(code: number): void;
  /** Ends the socket at once. */
  terminate(): void;
}
