import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineSection } from '@parley/config';
import type { NodeId } from '@parley/kernel';
import { authv1, messagev1 } from '@parley/proto';
import { serviceContext } from '@parley/rpc';
import { createLogRoot, createMetricRegistry } from '@parley/telemetry';
import { engineConfig, engineDefaults } from './engines/engine-config.js';
import { type Engines, openEngines } from './engines/open-engines.js';
import type { ReadyState, Service } from './manifest.js';
import { createPlatform, type PlatformHandle } from './platform.js';
import { ServiceGroup, type ServiceGroupOptions } from './service-group.js';
import { register } from './service-registration.js';
import type { AnyManifest } from './target-graph.js';

const APP = 1_400_000_001 as never;
const ALICE = 'alice' as never;

/** A service that writes down what happens to it. */
function recording(name: string, events: string[], parts: Partial<Service> = {}): AnyManifest {
  const note = (event: string) => async () => void events.push(`${name} ${event}`);
  const service: Service = {
    registrations: [],
    start: note('start'),
    ready: () => ({ isReady: true }),
    drain: note('drain'),
    stop: note('stop'),
    ...parts,
  };
  const owns: AnyManifest['owns'] = [];
  return {
    name,
    config: defineSection(name, {}),
    owns,
    calls: [],
    tables: [],
    topics: [],
    build: async () => service,
  };
}

describe('service group', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-runtime-'));
  const lines: string[] = [];
  const logs = createLogRoot({ level: 'info', sink: { write: (line) => void lines.push(line) } });
  const metrics = createMetricRegistry();
  let engines: Engines;
  let handle: PlatformHandle;

  beforeAll(async () => {
    const config = { ...engineDefaults, dataDir };
    engines = await openEngines({ config, logs, metrics });
  });
  beforeEach(() => {
    lines.length = 0;
    handle = createPlatform({ nodeId: 'n1' as NodeId, engines, logs, metrics });
  });
  afterEach(() => handle.close());
  afterAll(async () => {
    await engines.close();
    rmSync(dataDir, { recursive: true });
  });

  const groupOf = (manifests: readonly AnyManifest[], options: Partial<ServiceGroupOptions> = {}) =>
    new ServiceGroup({
      manifests,
      platform: handle.platform,
      router: handle.router,
      configOf: () => ({}),
      log: logs.logger('process'),
      ...options,
    });
  const errors = () => lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error');

  it('starts in order, drains and stops in reverse, once', async () => {
    const events: string[] = [];
    const group = groupOf([recording('a', events), recording('b', events)]);
    await group.start();
    expect(group.ready()).toEqual({ isReady: true });
    await Promise.all([group.stop(), group.stop()]);
    expect(events).toEqual(['a start', 'b start', 'b drain', 'b stop', 'a drain', 'a stop']);
    expect(group.ready()).toEqual({ isReady: false, reason: 'stopping' });
  });

  it('stops what had started when one fails, and passes the failure on', async () => {
    const events: string[] = [];
    const failing = recording('b', events, { start: () => Promise.reject(new Error('no port')) });
    const group = groupOf([recording('a', events), failing, recording('c', events)]);
    await expect(group.start()).rejects.toThrow('no port');
    expect(events).toEqual(['a start', 'b drain', 'b stop', 'a drain', 'a stop']);
  });

  it('is ready only when everybody is, and says who is not', async () => {
    let state: ReadyState = { isReady: false, reason: 'catching up' };
    const group = groupOf([recording('a', []), recording('b', [], { ready: () => state })]);
    expect(group.ready()).toEqual({ isReady: false, reason: 'starting' });
    await group.start();
    expect(group.ready()).toEqual({ isReady: false, reason: 'b: catching up' });
    state = { isReady: true };
    expect(group.ready()).toEqual({ isReady: true });
    await group.stop();
  });

  it('ends in bounded time although a service hangs or fails, and still stops the others', async () => {
    const events: string[] = [];
    const hanging = recording('b', events, { drain: () => new Promise(() => {}) });
    const failing = recording('c', events, { stop: () => Promise.reject(new Error('broken')) });
    const group = groupOf([recording('a', events), hanging, failing], { stopTimeoutMs: 150 });
    await group.start();
    await group.stop();
    expect(events.slice(-4)).toEqual(['c drain', 'b stop', 'a drain', 'a stop']);
    expect(errors()).toMatchObject([{ step: 'c stop' }, { step: 'b drain' }]);
  });

  it('finds at the start that a handler is missing', async () => {
    const handlers = { listApps: async () => ({ apps: [{ appId: 7 }] }) } as never;
    const owner = recording('auth', [], { registrations: [register(authv1.AppService, handlers)] });
    const group = groupOf([owner]);
    await expect(group.start()).rejects.toThrow('has no handler');
  });

  it('answers UNKNOWN_COMMAND for a service that is not here', async () => {
    const client = handle.platform.client(messagev1.MessageService);
    await expect(client.listConversations({}, serviceContext(APP, ALICE))).rejects.toMatchObject({
      code: 60009,
    });
  });

  it('opens a data directory only once at a time', async () => {
    const config = { ...engineDefaults, dataDir };
    await expect(openEngines({ config, logs, metrics })).rejects.toThrow(/is in use by/);
  });
});

describe('engine settings', () => {
  it.each([
    ['tableStore', 'mongodb', 'there is no such engine; use embedded or cassandra'],
    ['eventLog', 'pulsar', 'there is no such engine; use embedded or kafka'],
    ['coordination', 'etcd', 'there is no such engine; use memory or redis'],
  ] as const)('%s: %s', (field, value, message) => {
    const result = engineConfig.fields[field].schema.safeParse(value);
    expect(result.error?.issues[0]?.message).toBe(message);
  });
});
