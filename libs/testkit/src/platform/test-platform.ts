// A whole platform for service tests: the embedded engines in a directory of its
// own, put together as a standalone process does it, with a log that can be asserted.
import type { DescService } from '@bufbuild/protobuf';
import type { Clock, NodeId } from '@parley/kernel';
import { systemClock } from '@parley/kernel';
import type { Client, Router, ServiceHandlers } from '@parley/rpc';
import {
  createPlatform,
  type Engines,
  engineDefaults,
  openEngines,
  type Platform,
  type PlatformHandle,
  type Service,
  type ServiceManifest,
} from '@parley/runtime';
import { createMetricRegistry, type MetricRegistry } from '@parley/telemetry';
import { CapturedLog } from '../captured-log.js';
import { type TemporaryDirectory, temporaryDirectory } from '../temporary-directory.js';
import { FakeGateway } from './fake-gateway.js';

export interface TestPlatformOptions {
  /** Default: the real time. Deadlines of calls pass by this clock but fire in real time. */
  readonly clock?: Clock;
  /** Default `test-node`. */
  readonly nodeId?: string;
}

type Starter = (platform: TestPlatform) => Promise<unknown>;

interface Parts {
  readonly options: TestPlatformOptions;
  readonly directory: TemporaryDirectory;
  readonly engines: Engines;
  readonly handle: PlatformHandle;
  readonly logged: CapturedLog;
  readonly metrics: MetricRegistry;
}

/** Opens a platform in a new temporary directory. Close it, or reopen it and close the new one. */
export const createTestPlatform = async (options: TestPlatformOptions = {}): Promise<TestPlatform> =>
  openIn(await temporaryDirectory(), options, new CapturedLog());

/** A Platform with what a test needs around it. */
export class TestPlatform {
  readonly #parts: Parts;
  readonly #running: Service[] = [];
  /** What a restart starts again, in order. */
  readonly #starters: Starter[] = [];
  #isStopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What a service gets to live with. */
  get platform(): Platform {
    return this.#parts.handle.platform;
  }

  get router(): Router {
    return this.#parts.handle.router;
  }

  /** Every line since the platform was created, over restarts. */
  get logged(): CapturedLog {
    return this.#parts.logged;
  }

  get dataDir(): string {
    return this.#parts.directory.path;
  }

  /** All metrics in the Prometheus text format. */
  metricsText(): Promise<string> {
    return this.#parts.metrics.collect();
  }

  /** A typed client, as `platform.client`. */
  client<S extends DescService>(service: S): Client<S> {
    return this.platform.client(service);
  }

  /** Migrates, builds, registers and starts a service with the defaults of its config, except for `overrides`. */
  async startService<C>(manifest: ServiceManifest<C>, overrides: Partial<C> = {}): Promise<Service> {
    const { platform, router } = this.#parts.handle;
    await platform.tables.migrate(manifest.tables);
    await platform.log.ensureTopics(manifest.topics);
    const service = await manifest.build(platform, { ...defaultsOf(manifest), ...overrides });
    for (const { service: contract, handlers, codecs } of service.registrations) {
      router.register(contract, handlers, codecs);
    }
    this.#running.push(service);
    this.#starters.push((next) => next.startService(manifest, overrides));
    await service.start();
    return service;
  }

  /** Serves a proto service with handlers of the test, in place of a real service; also after a restart. */
  serve<S extends DescService>(service: S, handlers: ServiceHandlers<S>): void {
    this.router.register(service, handlers);
    this.#starters.push(async (next) => next.serve(service, handlers));
  }

  /** Serves GatewayNodeService for this node with a gateway that records; not together with the real one. */
  async startGateway(): Promise<FakeGateway> {
    const gateway = new FakeGateway(this.platform);
    await gateway.start(this.router);
    return gateway;
  }

  /**
   * A restart on the same data: everything stops, coordination forgets, and the same
   * services start again with the same settings. Gateways of tests do not come back. Use the platform it answers.
   */
  async reopen(): Promise<TestPlatform> {
    await this.#stop();
    const { directory, options, logged } = this.#parts;
    const next = await openIn(directory, options, logged);
    for (const start of this.#starters) await start(next);
    return next;
  }

  /** Stops everything and removes the data. @throws Error when an ERROR line was logged that no test took. */
  async close(): Promise<void> {
    await this.#stop();
    await this.#parts.directory.remove();
    this.logged.assertNoErrors();
  }

  async #stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const service of this.#running.reverse()) {
      await service.drain();
      await service.stop();
    }
    await this.#parts.handle.close();
    await this.#parts.engines.close();
  }
}

function defaultsOf<C>(manifest: ServiceManifest<C>): C {
  const fields = Object.entries<{ readonly default: unknown }>(manifest.config.fields);
  return Object.fromEntries(fields.map(([name, field]) => [name, field.default])) as C;
}

async function openIn(
  directory: TemporaryDirectory,
  options: TestPlatformOptions,
  logged: CapturedLog,
): Promise<TestPlatform> {
  const { clock = systemClock, nodeId = 'test-node' } = options;
  const metrics = createMetricRegistry();
  const config = { ...engineDefaults, dataDir: directory.path };
  const engines = await openEngines({ config, logs: logged, metrics, clock });
  const handle = createPlatform({ nodeId: nodeId as NodeId, engines, logs: logged, metrics, clock });
  return new TestPlatform({ options, directory, engines, handle, logged, metrics });
}
