// Everything of parley.presence.v1.
export * from './gen/parley/presence/v1/presence_pb.js';
export * from './gen/parley/presence/v1/presence_service_pb.js';
