// One process of Parley: engines, platform, services and the admin port, started
// and stopped as a whole.
import { authConfig } from '@parley/auth';
import { type Config, printConfig } from '@parley/config';
import {
  AdminServer,
  type AnyManifest,
  advertisedAddress,
  ClusterLink,
  clusterConfig,
  createNodeId,
  createPlatform,
  type Engines,
  EngineWait,
  engineConfig,
  engineProbes,
  openEngines,
  type PlatformHandle,
  planTargets,
  type ReadyState,
  ServiceGroup,
} from '@parley/runtime';
import { createLogRoot, createMetricRegistry, type LogRoot, registerProcessMetrics } from '@parley/telemetry';
import { processConfig } from './process-config.js';
import { bootstrapKeyPath, ensureSecretFile, operatorTokenPath } from './secret-files.js';
import { manifests, sections } from './settings.js';

export interface ParleyNodeOptions {
  readonly config: Config;
  /** `all`, or names joined by commas. */
  readonly target: string;
}

/**
 * Start once, stop once; both may be awaited by many.
 *
 *   built ──start()──▶ starting ──▶ running ──stop()──▶ draining ──▶ stopped
 *                          └──────failure, or stop()──────▲
 */
export class ParleyNode {
  readonly logs: LogRoot;
  private readonly metrics = createMetricRegistry();
  private cluster: ClusterLink | undefined;
  private engineWait: EngineWait | undefined;
  private engines: Engines | undefined;
  private handle: PlatformHandle | undefined;
  private services: ServiceGroup | undefined;
  private admin: AdminServer | undefined;
  private hasStarted = false;
  private starting: Promise<void> | undefined;
  private stopped: Promise<void> | undefined;
  private endSampling: (() => void) | undefined;

  constructor(private readonly options: ParleyNodeOptions) {
    this.logs = createLogRoot({ level: options.config.of(processConfig).logLevel });
  }

  get adminPort(): number {
    return this.admin?.port ?? 0;
  }

  /** Resolves when every service has started. @throws what failed first, after undoing what had started. */
  async start(): Promise<void> {
    this.starting = this.startAll();
    try {
      await this.starting;
    } catch (thrown) {
      await this.stop();
      throw thrown;
    }
  }

  /** Drains and stops everything, in reverse order; bounded. Waits for a start that is under way. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async startAll(): Promise<void> {
    const { config, target } = this.options;
    const { dataDir } = config.of(engineConfig);
    const { logs, metrics } = this;
    const cluster = new ClusterLink({
      config: config.of(clusterConfig),
      manifests,
      log: logs.logger('cluster'),
    });
    this.cluster = cluster;
    const planned = planTargets(manifests, target, cluster.peerNames);
    this.endSampling = registerProcessMetrics(metrics);
    const engines = await openEngines({ config: config.of(engineConfig), logs, metrics });
    this.engines = engines;
    const probes = engineProbes(config.of(engineConfig));
    const engineWait = new EngineWait({ probes, log: logs.logger('process') });
    this.engineWait = engineWait;
    const operatorToken = ensureSecretFile(operatorTokenPath(dataDir), dataDir);
    await cluster.connectAll();
    const nodeId = createNodeId(advertisedAddress(config.of(clusterConfig)));
    const handle = createPlatform({ nodeId, engines, logs, metrics, peers: cluster.peers });
    this.handle = handle;
    const services = new ServiceGroup({
      manifests: planned,
      platform: handle.platform,
      router: handle.router,
      configOf: (manifest) => this.configOf(manifest),
      log: logs.logger('process'),
      stopTimeoutMs: config.of(processConfig).stopTimeoutMs,
    });
    this.services = services;
    this.admin = await this.startAdmin(handle, services, operatorToken);
    await engineWait.untilAllAnswer();
    await services.start();
    await cluster.serve(handle.router);
    this.hasStarted = true;
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
      transport: handle.platform.transport,
      metrics: this.metrics,
      logs: this.logs,
      // Ready is who also answers other processes.
      ready: () => (this.hasStarted ? services.ready() : this.startingState()),
      printConfig: () => printConfig(sections, config),
      operatorToken,
    });
    await admin.start();
    return admin;
  }

  private startingState(): ReadyState {
    const awaited = this.engineWait?.awaited;
    return { isReady: false, reason: awaited ? `starting: waits for ${awaited}` : 'starting' };
  }

  /** The bootstrap app's key comes from the settings, or else from a file that the first start makes. */
  private configOf(manifest: AnyManifest): unknown {
    const { config } = this.options;
    if (manifest.config !== authConfig || config.of(authConfig).bootstrapAppKey !== '') {
      return config.of(manifest.config);
    }
    const { dataDir } = config.of(engineConfig);
    const bootstrapAppKey = ensureSecretFile(bootstrapKeyPath(dataDir), dataDir);
    return { ...config.of(authConfig), bootstrapAppKey, isBootstrapKeyInitial: true };
  }

  private async stopAll(): Promise<void> {
    this.engineWait?.stop();
    // Its failure is start()'s to report.
    await this.starting?.catch(() => undefined);
    await this.services?.stop();
    // Served until here: a draining gateway still gets its pushes.
    await this.cluster?.stopServing();
    await this.handle?.close();
    await this.cluster?.close();
    await this.engines?.close();
    await this.admin?.stop();
    this.endSampling?.();
  }
}
