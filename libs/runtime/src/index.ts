export type { Platform, ReadyState, Service, ServiceManifest } from './manifest.js';
export { register, type ServiceRegistration } from './service-registration.js';
