// Where an encoder puts a frame.

/**
 * `headroom` bytes in front of the frame are left for the caller: a gateway puts
 * the WebSocket header there and saves a copy. They hold whatever `allocate` left in them.
 */
export interface FrameSpace {
  readonly headroom: number;
  /** Answers exactly so many bytes; they need not be zero. */
  allocate(bytes: number): Uint8Array;
}

export const PLAIN_SPACE: FrameSpace = { headroom: 0, allocate: (bytes) => new Uint8Array(bytes) };
