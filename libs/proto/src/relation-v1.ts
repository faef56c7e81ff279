// Everything of parley.relation.v1.
export * from './gen/parley/relation/v1/list_requests_pb.js';
export * from './gen/parley/relation/v1/relation_pb.js';
export * from './gen/parley/relation/v1/relation_requests_pb.js';
export * from './gen/parley/relation/v1/relation_rows_pb.js';
export * from './gen/parley/relation/v1/relation_service_pb.js';
