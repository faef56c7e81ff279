export { type BatchTransportOptions, createBatchTransport } from './batch-transport.js';
export type { GrpcTarget } from './channel.js';
export type { ClientTls, ServerTls } from './credentials.js';
export { createGrpcServer, type GrpcServer, type GrpcServerOptions } from './grpc-server.js';
export { createUnaryTransport, type UnaryTransportOptions } from './unary-transport.js';
