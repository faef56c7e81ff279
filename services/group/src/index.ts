export { type GroupConfig, groupConfig } from './config.js';
export { manifest } from './manifest.js';
