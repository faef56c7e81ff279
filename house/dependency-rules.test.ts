// Every dependency rule is broken once, on purpose, in a copy of the sources; each must fire.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');
const CRUISER = join(ROOT, 'node_modules/.bin/depcruise');

interface Plant {
  readonly rule: string;
  /** Where the forbidden import is written. */
  readonly file: string;
  readonly source: string;
  /** npm packages that need not be installed for the rule to be tested. */
  readonly packages?: readonly string[];
}

const plants: readonly Plant[] = [
  {
    rule: 'services-stay-apart',
    file: 'services/auth/src/p1.ts',
    source: "import '../../message/src/index.js';",
  },
  {
    rule: 'services-stay-apart',
    file: 'services/auth/src/p2.ts',
    source: "await import('@parley/message');",
    packages: ['@parley/message'],
  },
  {
    rule: 'libraries-know-no-service',
    file: 'libs/delivery/src/p3.ts',
    source: "export { manifest } from '../../../services/auth/src/index.js';",
  },
  {
    rule: 'front-doors-only',
    file: 'libs/rpc/src/p4.ts',
    source: "import { systemClock } from '../../kernel/src/clock.js'; systemClock.now();",
  },
  {
    rule: 'front-doors-only',
    file: 'services/auth/src/p5.ts',
    source: "import type { Clock } from '../../../libs/kernel/src/clock.js'; export type C = Clock;",
  },
  {
    rule: 'imports-resolve',
    file: 'services/auth/src/p6.ts',
    source: "import '@parley/kernel/src/clock.js';",
  },
  {
    rule: 'domain-is-pure',
    file: 'services/auth/src/domain/p7.ts',
    source: "import { defineTable } from '@parley/table-store'; defineTable({} as never);",
  },
  {
    rule: 'domain-is-pure',
    file: 'services/message/src/domain/p8.ts',
    source: "import { readFileSync } from 'node:fs'; readFileSync('x');",
  },
  {
    rule: 'domain-is-pure',
    file: 'services/message/src/domain/p9.ts',
    source: "import { Injectable } from '@nestjs/common'; Injectable();",
  },
  {
    rule: 'domain-is-pure',
    file: 'services/profile/src/relations/domain/p24.ts',
    source: "import { defineTable } from '@parley/table-store'; defineTable({} as never);",
  },
  {
    rule: 'usersig-stands-alone',
    file: 'libs/usersig/src/p10.ts',
    source: "import { ErrorCode } from '@parley/kernel'; ErrorCode.OK;",
    packages: ['@parley/kernel'],
  },
  {
    rule: 'sdk-runs-in-browsers',
    file: 'libs/sdk/src/p11.ts',
    source: "import { createHash } from 'node:crypto'; createHash('sha256');",
  },
  {
    rule: 'kernel-does-no-io',
    file: 'libs/kernel/src/p12.ts',
    source: "import { setTimeout } from 'node:timers/promises'; setTimeout(1);",
  },
  {
    rule: 'frameworks-stay-in-services',
    file: 'libs/delivery/src/p13.ts',
    source: "import '@nestjs/common';",
    packages: ['@nestjs/common'],
  },
  { rule: 'tests-are-not-shipped', file: 'services/auth/src/p14.ts', source: "import '@parley/testkit';" },
  {
    rule: 'no-cycles',
    file: 'libs/rpc/src/p15.ts',
    source: "import { b } from './p15b.js'; export const a = () => b;",
  },
  {
    rule: 'lmdb-in-embedded-db',
    file: 'libs/table-store/src/p16.ts',
    source: "import { open } from 'lmdb'; open({});",
    packages: ['lmdb'],
  },
  {
    rule: 'grpc-in-rpc',
    file: 'libs/rpc/src/p17.ts',
    source: "import { Server } from '@grpc/grpc-js'; new Server();",
  },
  {
    rule: 'websocket-in-gateway',
    file: 'services/rest-api/src/p18.ts',
    source: "import { WebSocket } from 'ws'; new WebSocket('x');",
    packages: ['ws'],
  },
  {
    rule: 'http-framework-in-rest-api',
    file: 'services/access-gateway/src/p19.ts',
    source: "import { fastify } from 'fastify'; fastify();",
    packages: ['fastify'],
  },
  {
    rule: 'kafka-in-event-log',
    file: 'services/message/src/p20.ts',
    source: "import { Kafka } from 'kafkajs'; new Kafka({});",
    packages: ['kafkajs'],
  },
  {
    rule: 'cassandra-in-table-store',
    file: 'services/message/src/p21.ts',
    source: "import 'cassandra-driver';",
    packages: ['cassandra-driver'],
  },
  {
    rule: 'redis-in-coordination',
    file: 'libs/coordination/src/p22.ts',
    source: "import 'ioredis';",
    packages: ['ioredis'],
  },
  {
    rule: 'telemetry-in-telemetry',
    file: 'services/auth/src/p23.ts',
    source: "import { pino } from 'pino'; pino();",
    packages: ['pino'],
  },
];

/** The other half of the planted cycle. */
const CYCLE_END = {
  file: 'libs/rpc/src/p15b.ts',
  source: "import { a } from './p15.js'; export const b = () => a;",
};

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

/** The sources, with their links to each other and to the installed packages. */
function copySources(): string {
  const copy = mkdtempSync(join(tmpdir(), 'parley-rules-'));
  for (const folder of ['libs', 'services']) {
    cpSync(join(ROOT, folder), join(copy, folder), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => basename(path) !== 'dist',
    });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function plant(copy: string, { file, source, packages = [] }: Omit<Plant, 'rule'>): void {
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  writeFileSync(join(copy, file), `${source}\n`);
  const packageFolder = join(copy, ...file.split('/').slice(0, 2), 'node_modules');
  for (const name of packages) {
    const target = join(packageFolder, name);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(dirname(target), { recursive: true });
    if (name.startsWith('@parley/')) symlinkSync(join(copy, folderOf(name)), target);
    else createFakePackage(target, name);
  }
}

const folderOf = (name: string): string =>
  name === '@parley/message' ? 'services/message' : join('libs', basename(name));

function createFakePackage(target: string, name: string): void {
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'package.json'), JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
  writeFileSync(join(target, 'index.js'), '');
}

function cruise(directory: string, files: readonly string[]): readonly Violation[] {
  const { stdout, stderr } = spawnSync(CRUISER, ['--config', CONFIG, '-T', 'json', ...files], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (stdout === '') throw new Error(`dependency-cruiser said nothing: ${stderr}`);
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

describe('dependency rules', () => {
  let copy = '';
  let violations: readonly Violation[] = [];

  beforeAll(() => {
    copy = copySources();
    for (const each of [...plants, CYCLE_END]) plant(copy, each);
    violations = cruise(copy, [...plants.map(({ file }) => file), CYCLE_END.file]);
  }, 60_000);

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it.each(plants)('$rule fires on $file', ({ rule, file }) => {
    const fired = violations.filter(({ from }) => from === file).map((violation) => violation.rule.name);
    expect(fired).toContain(rule);
  });

  it('has a planted violation for every rule', () => {
    const { forbidden } = createRequire(import.meta.url)(CONFIG) as {
      forbidden: { name: string; comment: string }[];
    };
    expect(new Set(plants.map(({ rule }) => rule))).toEqual(new Set(forbidden.map(({ name }) => name)));
    for (const { comment } of forbidden) expect(comment.length).toBeGreaterThan(10);
  });

  it('finds nothing in the sources as they are', () => {
    const found = cruise(ROOT, ['libs', 'services', 'house']).map(
      ({ rule, from }) => `${rule.name}: ${from}`,
    );
    expect(found).toEqual([]);
  }, 60_000);
});
