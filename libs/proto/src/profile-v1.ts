// Everything of parley.profile.v1.
export * from './gen/parley/profile/v1/profile_pb.js';
export * from './gen/parley/profile/v1/profile_rows_pb.js';
export * from './gen/parley/profile/v1/profile_service_pb.js';
