export { AdminServer, type AdminServerOptions } from './admin-server.js';
export { type EngineConfig, engineConfig } from './engine-config.js';
export { type Engines, type OpenEnginesOptions, openEngines } from './engines.js';
export type { Platform, ReadyState, Service, ServiceManifest } from './manifest.js';
export { type CreatePlatformOptions, createPlatform, type PlatformHandle } from './platform.js';
export { ServiceGroup, type ServiceGroupOptions } from './service-group.js';
export { register, type ServiceRegistration } from './service-registration.js';
export { ALL_TARGETS, type AnyManifest, planTargets, TargetError } from './target-graph.js';
