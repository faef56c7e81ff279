// What a call makes of a message that grows. Decided from the call and the message alone, so that any process can go on.
import { ChatError, ErrorCode } from '@parley/kernel';
import { STREAM_BYTES_MAX, STREAM_CHUNKS_PER_CALL_MAX, STREAM_GAP_MS_MAX } from './limits.js';
import type { StreamState } from './stream-body.js';

export interface StreamPiece {
  readonly index: number;
  readonly markdown: string;
  readonly isLast: boolean;
}

/** The message as it stands. */
export interface StandingStream extends StreamState {
  readonly firstIndex: number;
  /** When it was changed last, or sent. */
  readonly changedAtMs: number;
}

/** Pieces of one call follow on from each other, and the end ends it. @throws ChatError 10004 */
export function checkPieces(pieces: readonly StreamPiece[]): void {
  const [first] = pieces;
  if (first === undefined || pieces.length > STREAM_CHUNKS_PER_CALL_MAX) {
    throw refused(`Chunks takes 1 to ${STREAM_CHUNKS_PER_CALL_MAX} items`);
  }
  pieces.forEach(({ index, isLast }, at) => {
    if (index !== first.index + at) throw refused('Index of Chunks must count on');
    if (isLast && at < pieces.length - 1) throw refused('nothing comes after the chunk with IsLast');
  });
}

/** A new message. Whether indexes begin at 0 or 1 is the app's choice. @throws ChatError 10004 */
export function beginStream(pieces: readonly StreamPiece[], compatibleText: string): StandingStream {
  checkPieces(pieces);
  const firstIndex = pieces[0]?.index ?? 0;
  if (firstIndex > 1) throw refused('Index of the first chunk is 0 or 1');
  return {
    chunks: pieces.map(({ markdown }) => markdown),
    isFinished: pieces.at(-1)?.isLast === true,
    compatibleText,
    firstIndex,
    changedAtMs: 0,
  };
}

/**
 * The message with what is new to it; undefined: it has all of it already, for the call is a repeat.
 * @throws ChatError 10004 for a gap and for a piece that was another one, 10007 after the end and after too long a pause
 */
export function growStream(
  stream: StandingStream,
  call: {
    readonly pieces: readonly StreamPiece[];
    readonly compatibleText: string | undefined;
    readonly nowMs: number;
  },
): StreamState | undefined {
  checkPieces(call.pieces);
  const next = stream.firstIndex + stream.chunks.length;
  for (const piece of call.pieces) if (piece.index < next) checkRepeat(stream, piece);
  const fresh = call.pieces.filter(({ index }) => index >= next);
  if (fresh[0] === undefined) return undefined;
  if (stream.isFinished) throw closed('the message is finished');
  if (call.nowMs - stream.changedAtMs > STREAM_GAP_MS_MAX) {
    throw closed(`more than ${STREAM_GAP_MS_MAX / 1_000} s went by without a chunk`);
  }
  if (fresh[0].index > next) throw refused(`a chunk is missing: the next Index is ${next}`);
  return {
    chunks: [...stream.chunks, ...fresh.map(({ markdown }) => markdown)],
    isFinished: fresh.at(-1)?.isLast === true,
    compatibleText: call.compatibleText ?? stream.compatibleText,
  };
}

/** @throws ChatError 80002 */
export function checkStreamBytes(body: Uint8Array, cloudCustomData: string): void {
  const bytes = body.byteLength + Buffer.byteLength(cloudCustomData);
  if (bytes < STREAM_BYTES_MAX) return;
  const info = `the message would have ${bytes} bytes, less than ${STREAM_BYTES_MAX} are allowed`;
  throw new ChatError(ErrorCode.MESSAGE_TOO_LONG, info);
}

function checkRepeat({ chunks, firstIndex, isFinished }: StandingStream, piece: StreamPiece): void {
  const at = piece.index - firstIndex;
  const wasLast = isFinished && at === chunks.length - 1;
  if (chunks[at] === piece.markdown && wasLast === piece.isLast) return;
  throw refused(`the chunk with Index ${piece.index} was another one`);
}

const refused = (info: string): ChatError => new ChatError(ErrorCode.GROUP_BAD_PARAMETER, info);

const closed = (info: string): ChatError => new ChatError(ErrorCode.GROUP_NO_PERMISSION, info);
