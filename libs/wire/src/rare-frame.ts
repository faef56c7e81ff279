// Frames that a connection sees a few times in its life: the generated code is good enough.
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { wirev1 } from '@parley/proto';
import type { FrameReader } from './frame-reader.js';

type ServerFrameCase = NonNullable<MessageInitShape<typeof wirev1.ServerFrameSchema>['frame']>;

const encodeServer = (frame: ServerFrameCase): Uint8Array =>
  toBinary(wirev1.ServerFrameSchema, create(wirev1.ServerFrameSchema, { frame }));

export const encodeHelloFrame = (value: MessageInitShape<typeof wirev1.HelloSchema>): Uint8Array =>
  toBinary(wirev1.ClientFrameSchema, create(wirev1.ClientFrameSchema, { frame: { case: 'hello', value } }));

/** The client says that it closes on purpose. */
export const encodeClientByeFrame = (): Uint8Array =>
  toBinary(wirev1.ClientFrameSchema, create(wirev1.ClientFrameSchema, { frame: { case: 'bye', value: {} } }));

export const encodeWelcomeFrame = (value: MessageInitShape<typeof wirev1.WelcomeSchema>): Uint8Array =>
  encodeServer({ case: 'welcome', value });

export const encodeMoveFrame = (value: MessageInitShape<typeof wirev1.MoveSchema>): Uint8Array =>
  encodeServer({ case: 'move', value });

export const encodeByeFrame = (value: MessageInitShape<typeof wirev1.ByeSchema>): Uint8Array =>
  encodeServer({ case: 'bye', value });

export const encodeResyncFrame = (): Uint8Array => encodeServer({ case: 'resync', value: {} });

/** Reads a nested message with the generated code; what does not decode becomes the reader's defect. */
export function readRare<D extends DescMessage>(reader: FrameReader, schema: D): MessageShape<D> {
  const body = reader.view();
  if (reader.defect !== undefined) return create(schema);
  try {
    return fromBinary(schema, body);
  } catch {
    reader.fail('bad-body'); // the generated code can only throw, and its reason holds nothing a peer can use
    return create(schema);
  }
}
