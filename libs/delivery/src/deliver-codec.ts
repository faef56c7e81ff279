// GatewayNodeService.Deliver by hand: every push passes it, also within one process. What is out of the
// ordinary is left to the generated code; a test holds both against each other.
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { gatewayv1 } from '@parley/proto';
import type { ServiceCodecs } from '@parley/rpc';
import {
  bytesFieldBytes,
  FrameReader,
  tagOf,
  WIRE_BYTES,
  writeBytesField,
  writeFieldHead,
} from '@parley/wire';

const { DeliverRequestSchema, DeliverResponseSchema } = gatewayv1;

type DeliverRequestInit = MessageInitShape<typeof DeliverRequestSchema>;
type DeliverResponseInit = MessageInitShape<typeof DeliverResponseSchema>;
type DeliveryInit = NonNullable<DeliverRequestInit['deliveries']>[number];

const DELIVERIES = tagOf(1, WIRE_BYTES);
const CONNECTION_IDS = tagOf(1, WIRE_BYTES);
const PUSH = tagOf(2, WIRE_BYTES);
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

function deliveryBytes({ connectionIds = [], push = NOTHING }: DeliveryInit): number {
  let bytes = push.length === 0 ? 0 : bytesFieldBytes(push.length);
  for (const id of connectionIds) {
    bytes += id.isWellFormed() ? bytesFieldBytes(Buffer.byteLength(id)) : Number.NaN;
  }
  return bytes;
}

function writeDelivery(into: Buffer, start: number, delivery: DeliveryInit): number {
  const { connectionIds = [], push = NOTHING } = delivery;
  let at = start;
  for (const id of connectionIds) {
    const bytes = Buffer.byteLength(id);
    at = writeFieldHead(into, at, CONNECTION_IDS, bytes);
    at += into.write(id, at, bytes);
  }
  return push.length === 0 ? at : writeBytesField(into, at, PUSH, push);
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
  const outerEnd = reader.enter();
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === CONNECTION_IDS) connectionIds.push(reader.text());
    else if (tag === PUSH) push = reader.view();
    else reader.fail('wrong-type');
  }
  reader.leave(outerEnd);
  return { $typeName: 'parley.gateway.v1.Delivery', connectionIds, push };
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
