import { existsSync } from 'node:fs';
import { create, toBinary } from '@bufbuild/protobuf';
import { defineSection, field } from '@parley/config';
import type { AppId, GroupId, UserId } from '@parley/kernel';
import { authv1, wirev1 } from '@parley/proto';
import { type CallContext, CallerRole, Platform as ClientPlatform } from '@parley/rpc';
import { register, type ServiceManifest } from '@parley/runtime';
import { defineTable } from '@parley/table-store';
import { z } from 'zod';
import { FakeClock } from '../fake-clock.js';
import { waitFor } from '../wait-for.js';
import { createTestPlatform } from './test-platform.js';

const APP = 1_400_000_001 as AppId;
const names = defineTable({
  name: 'names',
  partition: { scope: 'text' },
  clustering: { app_id: 'u32' },
  columns: { name: 'text' },
});
const topic = { name: 'names', partitions: 2, retentionMs: 60_000 };

interface Config {
  readonly prefix: string;
}

/** CreateApp stores, appends and remembers; ListApps reads. */
const manifest: ServiceManifest<Config> = {
  name: 'names',
  config: defineSection<Config>('names', {
    prefix: field({ schema: z.string(), default: 'the ', env: 'NAMES_PREFIX', doc: 'Before each name.' }),
  }),
  owns: [authv1.AppService],
  calls: [],
  tables: [names],
  topics: [topic],
  build: async ({ tables, log, coordination, logger }, config) => ({
    registrations: [
      register(authv1.AppService, {
        createApp: async (request) => {
          if (request.name === '') logger('names').error('names.empty');
          const name = config.prefix + request.name;
          await tables.put(names, { scope: 'all', app_id: request.appId, name });
          await log.append(topic, name, new Uint8Array([1]));
          await coordination.set('last', name);
          return {};
        },
        listApps: async () => {
          const { rows } = await tables.scan(names, { scope: 'all' }, { limit: 10 });
          const last = (await coordination.get('last')) ?? 'nothing';
          return { apps: [...rows.map(({ name }) => ({ name })), { name: `last: ${last}` }] };
        },
        rotateAppKey: async () => ({}),
        changeApp: async () => ({}),
        blockAccount: async () => ({}),
      }),
    ],
    start: async () => undefined,
    ready: () => ({ isReady: true }),
    drain: async () => undefined,
    stop: async () => undefined,
  }),
};

const operator: CallContext = {
  appId: 0 as AppId,
  userId: 'root' as UserId,
  role: CallerRole.OPERATOR,
  platform: ClientPlatform.UNSPECIFIED,
  attempt: 0,
};

const listed = async (apps: { listApps(r: object, c: CallContext): Promise<authv1.ListAppsResponse> }) =>
  (await apps.listApps({}, operator)).apps.map((app) => app.name);

describe('createTestPlatform', () => {
  it('runs a service on real engines, with the defaults of its config', async () => {
    const world = await createTestPlatform();
    await world.startService(manifest);
    const apps = world.client(authv1.AppService);
    await apps.createApp({ appId: 1, name: 'one' }, operator);
    expect(await listed(apps)).toEqual(['the one', 'last: the one']);
    expect(await world.metricsText()).toContain('parley_event_log_appended');
    await world.close();
    expect(existsSync(world.dataDir)).toBe(false);
  });

  it('keeps tables and log over a restart, with the same settings, and forgets coordination', async () => {
    const clock = new FakeClock();
    const first = await createTestPlatform({ clock });
    await first.startService(manifest, { prefix: 'a ' });
    await first.client(authv1.AppService).createApp({ appId: 1, name: 'one' }, operator);

    const second = await first.reopen();
    const apps = second.client(authv1.AppService);
    expect(await listed(apps)).toEqual(['a one', 'last: nothing']);
    await apps.createApp({ appId: 2, name: 'two' }, operator);
    expect(await listed(apps)).toEqual(['a one', 'a two', 'last: a two']);
    const ends = await second.platform.log.endOffsets(topic);
    expect(ends.reduce((sum, end) => sum + end)).toBe(2n);
    await second.close();
  });

  it('makes an unexpected ERROR line fail the test, and an expected one not', async () => {
    const world = await createTestPlatform();
    await world.startService(manifest);
    const apps = world.client(authv1.AppService);
    await apps.createApp({ appId: 1 }, operator);
    expect(world.logged.takeErrors().map((line) => line.event)).toEqual(['names.empty']);
    await apps.createApp({ appId: 1 }, operator);
    await expect(world.close()).rejects.toThrow('unexpected ERROR line: names.empty');
  });

  it('delivers to the connections of a recording gateway, and disconnects them', async () => {
    const world = await createTestPlatform();
    const gateway = await world.startGateway();
    const { sessions, delivery } = world.platform;
    const bob = await gateway.connect(APP, 'bob');
    const lost = await gateway.connect(APP, 'bob', { platform: ClientPlatform.ANDROID });
    gateway.lose(lost.connectionId);
    const push = create(wirev1.PushSchema, { event: { case: 'message', value: { seq: 7n } } });
    await delivery.push({ appId: APP, userIds: [bob.userId] }, toBinary(wirev1.PushSchema, push));
    expect(gateway.messagesTo(bob.connectionId).map((message) => message.seq)).toEqual([7n]);
    // What the node did not know leaves the registry.
    await waitFor(async () => (await sessions.sessionsOf(APP, bob.userId)).length === 1);
    await delivery.disconnect(await sessions.sessionsOf(APP, bob.userId), 4504, 'bye');
    expect(gateway.disconnects).toEqual([{ connectionId: bob.connectionId, code: 4504, reason: 'bye' }]);
    await world.close();
  });

  it('delivers to rooms of a recording gateway, whose connections enter and leave them', async () => {
    const world = await createTestPlatform();
    const gateway = await world.startGateway();
    const { delivery } = world.platform;
    const [bob, eve] = [await gateway.connect(APP, 'bob'), await gateway.connect(APP, 'eve')];
    const room = { appId: APP, groupId: 'g1' as GroupId };
    const push = (seq: bigint): Promise<void> => {
      const event = { case: 'message', value: { seq } } as const;
      return delivery.pushToRoom(room, toBinary(wirev1.PushSchema, create(wirev1.PushSchema, { event })));
    };
    const target = { appId: APP, userIds: [bob.userId] };
    await delivery.changeRooms(target, { enter: [room.groupId], leave: [] });
    expect(gateway.roomsOf(bob.connectionId)).toEqual(['g1']);
    await gateway.enterRoom(eve.connectionId, 'g1');
    await push(1n);
    await delivery.changeRooms(target, { enter: [], leave: [room.groupId] });
    await push(2n);
    const seqs = [bob, eve].map(({ connectionId }) => gateway.messagesTo(connectionId).map(({ seq }) => seq));
    expect(seqs).toEqual([[1n], [1n, 2n]]);
    expect(gateway.roomsChanges).toEqual([
      { connectionId: bob.connectionId, enter: ['g1'], leave: [] },
      { connectionId: bob.connectionId, enter: [], leave: ['g1'] },
    ]);
    await world.close();
  });
});
