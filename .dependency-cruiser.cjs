// Who may import whom. `make deps` checks it; house/dependency-rules.test.ts breaks each rule on purpose.
// Imports are parsed by swc: TypeScript 7 has no API that a tool could parse with.

/** A package that only the named folders may import. */
const driver = (name, packagePattern, ownerPattern, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { pathNot: ownerPattern },
  to: { path: `(^|/)node_modules/(${packagePattern})/` },
});

const NOT_SHIPPED = '[.]test[.]ts$|/test/|/testing/|^libs/(testkit|test-engines|bench)/|^house/';

module.exports = {
  forbidden: [
    {
      name: 'services-stay-apart',
      severity: 'error',
      comment:
        'A service calls another one through libs/rpc, never by import; only standalone puts several together.',
      from: { path: '^services/([^/]+)/', pathNot: '^services/standalone/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'libraries-know-no-service',
      severity: 'error',
      comment: 'Libraries are below services.',
      from: { path: '^libs/' },
      to: { path: '^services/' },
    },
    {
      name: 'front-doors-only',
      severity: 'error',
      comment:
        'A package is entered through what its exports map names: its index, ./testing, or an engine or transport of its own.',
      from: { path: '^(libs|services)/([^/]+)/' },
      to: {
        path: '^(libs|services)/[^/]+/src/',
        pathNot:
          '^$1/$2/|^(libs|services)/[^/]+/src/(index|testing/index|grpc/index|kafka/index|cassandra/index|redis/index)[.]ts$',
      },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment:
        'Rules of a service see the kernel, the contracts and each other: no engine, no framework, no I/O.',
      // Where a service has several parts, each has a domain of its own.
      from: { path: '^services/([^/]+)/src.*/domain/', pathNot: '[.]test[.]ts$' },
      to: {
        pathNot: '^services/$1/src.*/domain/|^libs/(kernel|proto)/|(^|/)node_modules/@bufbuild/protobuf/',
      },
    },
    {
      name: 'usersig-stands-alone',
      severity: 'error',
      comment: 'Account systems take libs/usersig as it is, without the rest of Parley.',
      from: { path: '^libs/usersig/src/', pathNot: '[.]test[.]ts$' },
      to: { path: '^(libs|services)/', pathNot: '^libs/usersig/' },
    },
    {
      name: 'sdk-runs-in-browsers',
      severity: 'error',
      comment:
        'The SDK is one build for browsers, Node and React Native; only its packaging script runs in Node alone.',
      from: { path: '^libs/sdk/src/', pathNot: '[.]test[.]ts$|/src/(testing|packaging)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'kernel-does-no-io',
      severity: 'error',
      comment: 'Everything imports the kernel, so the kernel imports nothing but the contracts.',
      from: { path: '^libs/kernel/src/', pathNot: '[.]test[.]ts$' },
      to: { pathNot: '^libs/(kernel|proto)/|(^|/)node_modules/@bufbuild/protobuf/' },
    },
    {
      name: 'frameworks-stay-in-services',
      severity: 'error',
      comment: 'Nest wires services; a library is plain TypeScript.',
      from: { path: '^libs/' },
      to: { path: '(^|/)node_modules/(@nestjs|reflect-metadata|rxjs)/' },
    },
    {
      name: 'tests-are-not-shipped',
      severity: 'error',
      comment: 'Test tools must not be reachable from what runs in production.',
      from: { path: '^(libs|services)/', pathNot: NOT_SHIPPED },
      to: { path: '[.]test[.]ts$|^libs/(testkit|test-engines)/|/testing/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one file, or three. Types may: they are gone at run time.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      comment: 'An import that an exports map does not allow ends here too.',
      from: {},
      to: { couldNotResolve: true },
    },
    driver(
      'lmdb-in-embedded-db',
      'lmdb',
      '^libs/embedded-db/',
      'The embedded database is behind libs/embedded-db.',
    ),
    driver(
      'grpc-in-rpc',
      '@grpc/[^/]+',
      '^libs/rpc/src/grpc/',
      'gRPC is a transport; nobody else knows that it exists.',
    ),
    driver(
      'websocket-in-gateway',
      'ws',
      `^services/access-gateway/src/|${NOT_SHIPPED}`,
      'Sockets belong to the gateway; load generator and test kit hold the other end.',
    ),
    driver(
      'http-framework-in-rest-api',
      'fastify|@fastify/[^/]+|@nestjs/platform-fastify',
      '^services/rest-api/|(^|/)node_modules/',
      'Fastify answers REST.',
    ),
    driver(
      'kafka-in-event-log',
      'kafkajs|@platformatic/kafka',
      '^libs/event-log/src/kafka/',
      'Kafka is one engine of the event log.',
    ),
    driver(
      'cassandra-in-table-store',
      'cassandra-driver',
      '^libs/table-store/src/cassandra/',
      'Cassandra is one engine of the table store.',
    ),
    driver(
      'redis-in-coordination',
      'ioredis',
      '^libs/coordination/src/redis/',
      'Redis is one engine of the coordination.',
    ),
    driver(
      'telemetry-in-telemetry',
      'pino|@opentelemetry/[^/]+',
      '^libs/telemetry/',
      'Services log and count through the shapes of libs/telemetry.',
    ),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: ['(^|/)node_modules/'] },
    exclude: { path: ['^(libs|services)/[^/]+/dist/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      // Workspace packages resolve to their sources, as in the tests.
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
