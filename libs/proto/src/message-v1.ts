// Everything of parley.message.v1.
export * from './gen/parley/message/v1/change_pb.js';
export * from './gen/parley/message/v1/change_requests_pb.js';
export * from './gen/parley/message/v1/message_pb.js';
export * from './gen/parley/message/v1/message_requests_pb.js';
export * from './gen/parley/message/v1/message_service_pb.js';
export * from './gen/parley/message/v1/option_requests_pb.js';
export * from './gen/parley/message/v1/standing_requests_pb.js';
