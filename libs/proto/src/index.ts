// Re-exports of the generated contracts, one namespace a package; nothing else lives here.

export * as authv1 from './auth-v1.js';
export * as followv1 from './follow-v1.js';
export * as contextv1 from './gen/parley/context/v1/context_pb.js';
export * as errorsv1 from './gen/parley/errors/v1/errors_pb.js';
export * as gatewayv1 from './gen/parley/gateway/v1/gateway_pb.js';
export * as optionsv1 from './gen/parley/options/v1/options_pb.js';
export * as rpcv1 from './gen/parley/rpc/v1/batch_pb.js';
export * as wirev1 from './gen/parley/wire/v1/wire_pb.js';
export * as groupv1 from './group-v1.js';
export * as messagev1 from './message-v1.js';
export * as presencev1 from './presence-v1.js';
export * as profilev1 from './profile-v1.js';
export * as relationv1 from './relation-v1.js';
