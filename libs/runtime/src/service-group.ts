// The services of one process over their life.
//
//   built ──start()──▶ running ──stop()──▶ draining ──▶ stopped
//
// They start in the order of the plan and stop in reverse. What fails to start
// takes down, in reverse, what had started before it.
import type { Router } from '@parley/rpc';
import type { Logger } from '@parley/telemetry';
import type { Platform, ReadyState, Service } from './manifest.js';
import type { AnyManifest } from './target-graph.js';

export interface ServiceGroupOptions {
  /** In start order; see planTargets. */
  readonly manifests: readonly AnyManifest[];
  readonly platform: Platform;
  /** Where the services' handlers are registered. */
  readonly router: Router;
  readonly configOf: (manifest: AnyManifest) => unknown;
  readonly log: Logger;
  /** Bound on draining and stopping all of them together, ms; default 20,000. */
  readonly stopTimeoutMs?: number;
}

interface Member {
  readonly name: string;
  readonly service: Service;
}

const STOP_TIMEOUT_MS = 20_000;
/** What a step still gets when others used the time up: enough to begin. */
const STEP_MIN_MS = 100;

export class ServiceGroup {
  private readonly members: Member[] = [];
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: ServiceGroupOptions) {}

  /** Migrates, builds and starts every service. @throws what the first failing service threw, after stopping the others. */
  async start(): Promise<void> {
    const { manifests, platform } = this.options;
    await platform.tables.migrate(manifests.flatMap((manifest) => manifest.tables));
    await platform.log.ensureTopics(manifests.flatMap((manifest) => manifest.topics));
    try {
      for (const manifest of manifests) await this.startOne(manifest);
    } catch (thrown) {
      await this.stop();
      throw thrown;
    }
  }

  ready(): ReadyState {
    if (this.stopping) return { isReady: false, reason: 'stopping' };
    const waiting = this.members
      .map(({ name, service }) => ({ name, state: service.ready() }))
      .filter(({ state }) => !state.isReady);
    if (this.members.length < this.options.manifests.length) return { isReady: false, reason: 'starting' };
    if (waiting.length === 0) return { isReady: true };
    return {
      isReady: false,
      reason: waiting.map(({ name, state }) => `${name}: ${state.reason ?? 'not ready'}`).join('; '),
    };
  }

  /** Drains and stops every service, the last started first. Idempotent and bounded; a service that fails to stop does not keep the others. */
  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  private async startOne(manifest: AnyManifest): Promise<void> {
    const { platform, router, configOf, log } = this.options;
    const service = await manifest.build(platform, configOf(manifest));
    for (const { service: contract, handlers, codecs } of service.registrations) {
      router.register(contract, handlers, codecs);
    }
    this.members.push({ name: manifest.name, service });
    await service.start();
    log.info('service started', { service: manifest.name });
  }

  private async stopAll(): Promise<void> {
    const deadlineMs = performance.now() + (this.options.stopTimeoutMs ?? STOP_TIMEOUT_MS);
    for (const { name, service } of [...this.members].reverse()) {
      await this.bounded(deadlineMs, `${name} drain`, () => service.drain());
      await this.bounded(deadlineMs, `${name} stop`, () => service.stop());
    }
  }

  private async bounded(deadlineMs: number, step: string, work: () => Promise<void>): Promise<void> {
    const timeoutMs = Math.max(STEP_MIN_MS, deadlineMs - performance.now());
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the time for stopping is used up')), timeoutMs);
    });
    try {
      await Promise.race([work(), late]);
    } catch (cause) {
      // The others still have to stop; this line is all that can be done for the one that does not.
      this.options.log.error('service did not stop in order', { step, cause });
    } finally {
      clearTimeout(timer);
    }
  }
}
