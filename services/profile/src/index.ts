export { type ProfileConfig, profileConfig } from './config.js';
export { manifest } from './manifest.js';
