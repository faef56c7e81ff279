// Everything of parley.group.v1.
export * from './gen/parley/group/v1/group_change_pb.js';
export * from './gen/parley/group/v1/group_pb.js';
export * from './gen/parley/group/v1/group_requests_pb.js';
export * from './gen/parley/group/v1/group_rows_pb.js';
export * from './gen/parley/group/v1/group_service_pb.js';
export * from './gen/parley/group/v1/member_requests_pb.js';
export * from './gen/parley/group/v1/value_requests_pb.js';
