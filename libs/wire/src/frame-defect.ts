// What can be wrong with a frame, as a value: a decoder of this package never throws.

/**
 * - `truncated`: a length or number runs past the end of the frame
 * - `number-too-long`: a varint has no last byte within 10 bytes
 * - `number-too-large`: a varint does not fit its field (32 bits; 2^53-1 for times)
 * - `bad-tag`: field number 0, or a wire type that proto3 does not have
 * - `wrong-type`: a known field carries another wire type than its own
 * - `bad-text`: a text is not UTF-8
 * - `several-frames`: one frame holds more than one of its alternatives
 * - `no-frame`: none of the known alternatives is present
 * - `bad-body`: a rare frame does not decode
 */
export type FrameDefect =
  | 'truncated'
  | 'number-too-long'
  | 'number-too-large'
  | 'bad-tag'
  | 'wrong-type'
  | 'bad-text'
  | 'several-frames'
  | 'no-frame'
  | 'bad-body';

/** The typed failure of a decoder. */
export interface MalformedFrame {
  readonly kind: 'malformed';
  readonly defect: FrameDefect;
}

export const malformed = (defect: FrameDefect): MalformedFrame => ({ kind: 'malformed', defect });
