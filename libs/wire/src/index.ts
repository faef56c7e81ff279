export {
  BYE_GIVE_UP_MAX,
  BYE_GIVE_UP_MIN,
  BYE_RECONNECT_MAX,
  BYE_RECONNECT_MIN,
  ByeCode,
  formatLoginRefusal,
  mayReconnectAfter,
  parseLoginRefusal,
} from './bye-code.js';
export { type Call, type CallFrame, encodeCallFrame } from './call-frame.js';
export { type ClientFrame, decodeClientFrame, peekClientFrame } from './client-frame.js';
export type { FrameDefect, MalformedFrame } from './frame-defect.js';
export { FrameReader, tagOf, WIRE_BYTES, WIRE_VARINT } from './frame-reader.js';
export { type FrameSpace, PLAIN_SPACE } from './frame-space.js';
export {
  bytesFieldBytes,
  uintFieldBytes,
  varintBytes,
  writeBytesField,
  writeFieldHead,
  writeUintField,
  writeVarint,
} from './frame-writer.js';
export { encodePingFrame, encodePongFrame, type PongFrame } from './pong-frame.js';
export { PROTOCOL_VERSION, WEBSOCKET_PATH } from './protocol.js';
export { encodePushFrame, type PushBatchFrame } from './push-frame.js';
export {
  encodeByeFrame,
  encodeClientByeFrame,
  encodeHelloFrame,
  encodeMoveFrame,
  encodeResyncFrame,
  encodeWelcomeFrame,
} from './rare-frame.js';
export { encodeReplyFrame, type Reply, type ReplyFrame, successReplyFrameBytes } from './reply-frame.js';
export { decodeServerFrame, peekServerFrame, type ServerFrame } from './server-frame.js';
