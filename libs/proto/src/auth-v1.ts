// Everything of parley.auth.v1.
export * from './gen/parley/auth/v1/account_event_pb.js';
export * from './gen/parley/auth/v1/auth_pb.js';
export * from './gen/parley/auth/v1/resume_ticket_pb.js';
