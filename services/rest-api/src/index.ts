export { type RestApiConfig, restApiConfig } from './config.js';
export { restApiManifest } from './manifest.js';
export { RestApi } from './rest-api.js';
