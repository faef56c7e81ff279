// Everything of parley.follow.v1.
export * from './gen/parley/follow/v1/follow_pb.js';
export * from './gen/parley/follow/v1/follow_rows_pb.js';
