export { AccessGateway } from './access-gateway.js';
export { type GatewayConfig, gatewayConfig } from './config.js';
export { accessGatewayManifest } from './manifest.js';
