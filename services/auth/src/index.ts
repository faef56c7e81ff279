export { type AuthConfig, authConfig } from './config.js';
export { manifest } from './manifest.js';
