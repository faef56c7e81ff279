// One process of Parley: engines, platform, services and the admin port, started
// and stopped as a whole.
import { hostname } from 'node:os';
import type { Config } from '@parley/config';
import { printConfig } from '@parley/config';
import type { NodeId } from '@parley/kernel';
import {
  AdminServer,
  type AnyManifest,
  createPlatform,
  type Engines,
  engineConfig,
  openEngines,
  type PlatformHandle,
  planTargets,
  ServiceGroup,
} from '@parley/runtime';
import { createLogRoot, createMetricRegistry, type LogRoot, registerProcessMetrics } from '@parley/telemetry';
import { bootstrapKeyPath, ensureSecretFile, operatorTokenPath } from './secret-files.js';
import { manifests, processConfig, sections } from './settings.js';

export interface ParleyNodeOptions {
  readonly config: Config;
  /** `all`, or names joined by commas. */
  readonly target: string;
}

/** Start once, stop once; both may be awaited by many. */
export class ParleyNode {
  readonly logs: LogRoot;
  private readonly metrics = createMetricRegistry();
  private engines: Engines | undefined;
  private handle: PlatformHandle | undefined;
  private services: ServiceGroup | undefined;
  private admin: AdminServer | undefined;
  private stopped: Promise<void> | undefined;

  constructor(private readonly options: ParleyNodeOptions) {
    this.logs = createLogRoot({ level: options.config.of(processConfig).logLevel });
  }

  get adminPort(): number {
    return this.admin?.port ?? 0;
  }

  /** Resolves when every service is ready. @throws what failed first, after undoing what had started. */
  async start(): Promise<void> {
    try {
      await this.startAll(planTargets(manifests, this.options.target));
    } catch (thrown) {
      await this.stop();
      throw thrown;
    }
  }

  /** Drains and stops everything, in reverse order; bounded. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async startAll(planned: readonly AnyManifest[]): Promise<void> {
    const { config } = this.options;
    const { dataDir } = config.of(engineConfig);
    const { logs, metrics } = this;
    registerProcessMetrics(metrics);
    const engines = await openEngines({ config: config.of(engineConfig), logs, metrics });
    this.engines = engines;
    const appKey = ensureSecretFile(bootstrapKeyPath(dataDir), dataDir);
    const operatorToken = ensureSecretFile(operatorTokenPath(dataDir), dataDir);
    const nodeId = `${hostname()}-${process.pid}-${Date.now().toString(36)}` as NodeId;
    const handle = createPlatform({ nodeId, engines, logs, metrics });
    this.handle = handle;
    const services = new ServiceGroup({
      manifests: planned,
      platform: handle.platform,
      router: handle.router,
      configOf: (manifest) => withBootstrapKey(config.of(manifest.config), appKey),
      log: logs.logger('process'),
    });
    this.services = services;
    this.admin = await this.startAdmin(handle, services, operatorToken);
    await services.start();
  }

  /** Before the services, so that /live answers while they start. */
  private async startAdmin(
    handle: PlatformHandle,
    services: ServiceGroup,
    operatorToken: string,
  ): Promise<AdminServer> {
    const { config } = this.options;
    const { adminBind, adminPort } = config.of(processConfig);
    const admin = new AdminServer({
      host: adminBind,
      port: adminPort,
      router: handle.router,
      metrics: this.metrics,
      logs: this.logs,
      ready: () => services.ready(),
      printConfig: () => printConfig(sections, config),
      operatorToken,
    });
    await admin.start();
    return admin;
  }

  private async stopAll(): Promise<void> {
    await this.services?.stop();
    await this.handle?.close();
    await this.engines?.close();
    await this.admin?.stop();
  }
}

/** The bootstrap app's key comes from the settings, or else from the data directory. */
function withBootstrapKey<C>(config: C, appKey: string): C {
  const settings = config as { bootstrapAppKey?: string };
  return settings.bootstrapAppKey === '' ? { ...config, bootstrapAppKey: appKey } : config;
}
