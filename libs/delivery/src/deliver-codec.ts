// GatewayNodeService.Deliver by hand: every push passes it, also within one process. What is out of the
// ordinary is left to the generated code; a test holds both against each other.
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { gatewayv1 } from '@parley/proto';
import type { ServiceCodecs } from '@parley/rpc';
import {
  bytesFieldBytes,
  FrameReader,
  tagOf,
  uintFieldBytes,
  WIRE_BYTES,
  WIRE_VARINT,
  writeBytesField,
  writeFieldHead,
  writeUintField,
} from '@parley/wire';

const { DeliverRequestSchema, DeliverResponseSchema } = gatewayv1;

type DeliverRequestInit = MessageInitShape<typeof DeliverRequestSchema>;
type DeliverResponseInit = MessageInitShape<typeof DeliverResponseSchema>;
type DeliveryInit = NonNullable<DeliverRequestInit['deliveries']>[number];
type RoomInit = NonNullable<DeliveryInit['room']>;

const DELIVERIES = tagOf(1, WIRE_BYTES);
const CONNECTION_IDS = tagOf(1, WIRE_BYTES);
const PUSH = tagOf(2, WIRE_BYTES);
const ROOM = tagOf(3, WIRE_BYTES);
const EXCEPT_CONNECTION_ID = tagOf(4, WIRE_BYTES);
const ROOM_APP_ID = tagOf(1, WIRE_VARINT);
const ROOM_GROUP_ID = tagOf(2, WIRE_BYTES);
const UINT32_MAX = 0xffff_ffff;
const NOTHING: Uint8Array = new Uint8Array(0);

/** @throws Error when a connection id cannot be written. */
export function encodeDeliverRequest(request: DeliverRequestInit): Uint8Array {
  const deliveries = request.deliveries ?? [];
  const sizes = deliveries.map(deliveryBytes);
  let total = 0;
  for (const size of sizes) total += bytesFieldBytes(size);
  // An id that is no text makes its size NaN.
  if (!Number.isSafeInteger(total)) {
    return toBinary(DeliverRequestSchema, create(DeliverRequestSchema, request));
  }
  const into = Buffer.allocUnsafe(total);
  let at = 0;
  deliveries.forEach((delivery, index) => {
    at = writeFieldHead(into, at, DELIVERIES, sizes[index] ?? 0);
    at = writeDelivery(into, at, delivery);
  });
  return into;
}

function deliveryBytes(delivery: DeliveryInit): number {
  const { connectionIds = [], push = NOTHING, room, exceptConnectionId = '' } = delivery;
  let bytes = push.length === 0 ? 0 : bytesFieldBytes(push.length);
  for (const id of connectionIds) bytes += bytesFieldBytes(textBytes(id));
  if (room !== undefined) bytes += bytesFieldBytes(roomBytes(room));
  return exceptConnectionId === '' ? bytes : bytes + bytesFieldBytes(textBytes(exceptConnectionId));
}

function roomBytes({ appId = 0, groupId = '' }: RoomInit): number {
  const isUint32 = Number.isInteger(appId) && appId >= 0 && appId <= UINT32_MAX;
  const bytes = isUint32 ? uintFieldBytes(appId) : Number.NaN;
  return groupId === '' ? bytes : bytes + bytesFieldBytes(textBytes(groupId));
}

const textBytes = (text: string): number => (text.isWellFormed() ? Buffer.byteLength(text) : Number.NaN);

function writeDelivery(into: Buffer, start: number, delivery: DeliveryInit): number {
  const { connectionIds = [], push = NOTHING, room, exceptConnectionId = '' } = delivery;
  let at = start;
  for (const id of connectionIds) at = writeText(into, at, CONNECTION_IDS, id);
  if (push.length > 0) at = writeBytesField(into, at, PUSH, push);
  if (room !== undefined) at = writeRoom(into, at, room);
  return exceptConnectionId === '' ? at : writeText(into, at, EXCEPT_CONNECTION_ID, exceptConnectionId);
}

function writeRoom(into: Buffer, start: number, room: RoomInit): number {
  const { appId = 0, groupId = '' } = room;
  const at = writeUintField(into, writeFieldHead(into, start, ROOM, roomBytes(room)), ROOM_APP_ID, appId);
  return groupId === '' ? at : writeText(into, at, ROOM_GROUP_ID, groupId);
}

function writeText(into: Buffer, start: number, tag: number, text: string): number {
  const bytes = Buffer.byteLength(text);
  const at = writeFieldHead(into, start, tag, bytes);
  return at + into.write(text, at, bytes);
}

/** @throws Error when the bytes are no DeliverRequest. Pushes share memory with them. */
export function decodeDeliverRequest(bytes: Uint8Array): gatewayv1.DeliverRequest {
  const reader = new FrameReader(bytes);
  const deliveries: gatewayv1.Delivery[] = [];
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === DELIVERIES) deliveries.push(readDelivery(reader));
    else reader.fail('wrong-type');
  }
  if (reader.defect !== undefined) return fromBinary(DeliverRequestSchema, bytes);
  return { $typeName: 'parley.gateway.v1.DeliverRequest', deliveries };
}

function readDelivery(reader: FrameReader): gatewayv1.Delivery {
  const connectionIds: string[] = [];
  let push = NOTHING;
  let room: gatewayv1.Room | undefined;
  let exceptConnectionId = '';
  const outerEnd = reader.enter();
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === CONNECTION_IDS) connectionIds.push(reader.text());
    else if (tag === PUSH) push = reader.view();
    else if (tag === EXCEPT_CONNECTION_ID) exceptConnectionId = reader.text();
    // A second room would have to be merged with the first.
    else if (tag === ROOM && room === undefined) room = readRoom(reader);
    else reader.fail('wrong-type');
  }
  reader.leave(outerEnd);
  const $typeName = 'parley.gateway.v1.Delivery';
  return room === undefined
    ? { $typeName, connectionIds, push, exceptConnectionId }
    : { $typeName, connectionIds, push, room, exceptConnectionId };
}

function readRoom(reader: FrameReader): gatewayv1.Room {
  let appId = 0;
  let groupId = '';
  const outerEnd = reader.enter();
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === ROOM_APP_ID) appId = reader.uint32();
    else if (tag === ROOM_GROUP_ID) groupId = reader.text();
    else reader.fail('wrong-type');
  }
  reader.leave(outerEnd);
  return { $typeName: 'parley.gateway.v1.Room', appId, groupId };
}

/** Nearly always there is nothing to say. */
export function encodeDeliverResponse(response: DeliverResponseInit): Uint8Array {
  if ((response.unknownConnectionIds ?? []).length === 0) return NOTHING;
  return toBinary(DeliverResponseSchema, create(DeliverResponseSchema, response));
}

/** @throws Error when the bytes are no DeliverResponse. */
export function decodeDeliverResponse(bytes: Uint8Array): gatewayv1.DeliverResponse {
  if (bytes.length > 0) return fromBinary(DeliverResponseSchema, bytes);
  return { $typeName: 'parley.gateway.v1.DeliverResponse', unknownConnectionIds: [] };
}

/** For both sides of GatewayNodeService. */
export const gatewayNodeCodecs: ServiceCodecs<typeof gatewayv1.GatewayNodeService> = {
  deliver: {
    encodeRequest: encodeDeliverRequest,
    decodeRequest: decodeDeliverRequest,
    encodeResponse: encodeDeliverResponse,
    decodeResponse: decodeDeliverResponse,
  },
};
