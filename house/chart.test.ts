// The chart, rendered by the pinned Helm, against what the program wants and what a cluster demands. No cluster is
// needed, and none of this proves that one accepts it.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Config, readConfig } from '../libs/config/src/index.js';
import { clusterConfig, planTargets } from '../libs/runtime/src/index.js';
import { sections, manifests as services } from '../services/standalone/src/node/settings.js';
import { argsOf } from './dockerfile.js';
import {
  componentOf,
  containerOf,
  environmentOf,
  helm,
  type Manifest,
  ofKind,
  RELEASE,
  render,
  template,
} from './rendered-chart.js';

const BUILD_TIMEOUT_MS = 900_000;
/** What the program gives itself to close its engines after PARLEY_STOP_TIMEOUT_MS. */
const STOP_MARGIN_SECONDS = 10;
const CHART = new URL('../charts/parley/', import.meta.url);
const VALUE_SETS = [
  { name: 'default', args: [] },
  { name: 'small', args: ['--values', 'charts/parley/ci/small-values.yaml'] },
  { name: 'full', args: ['--values', 'charts/parley/ci/full-values.yaml'] },
];

/** What the program makes of a workload's environment. @throws ConfigError for a setting that it does not take. */
function configOf(workload: Manifest): Config {
  return readConfig(sections, { env: environmentOf(workload) });
}

const matches = (selector: Readonly<Record<string, string>>, { spec }: Manifest): boolean =>
  Object.entries(selector).every(([label, value]) => spec.template.metadata.labels[label] === value);

beforeAll(() => {
  const { status, stderr } = helm('version');
  if (status !== 0) throw new Error(stderr);
}, BUILD_TIMEOUT_MS);

describe.each(VALUE_SETS)('chart with $name values', ({ args }) => {
  let manifests: readonly Manifest[] = [];
  let deployments: readonly Manifest[] = [];
  let jobs: readonly Manifest[] = [];
  const workloads = () => [...deployments, ...jobs];

  beforeAll(() => {
    manifests = render(...args);
    deployments = ofKind(manifests, 'Deployment');
    jobs = ofKind(manifests, 'Job');
  });

  it('passes lint', () => {
    const { status, stdout } = helm('lint', '--strict', 'charts/parley', ...args);
    expect([status, stdout]).toEqual([0, expect.stringContaining('0 chart(s) failed')]);
  });

  it('has a deployment for each service of the program, and its migration', () => {
    expect(deployments.map(componentOf).sort()).toEqual(services.map(({ name }) => name).sort());
    for (const deployment of deployments) {
      expect(containerOf(deployment).args).toEqual([
        'serve',
        '--no-banner',
        `--target=${componentOf(deployment)}`,
      ]);
      expect(deployment.metadata.name).toBe(`${RELEASE}-${componentOf(deployment)}`);
    }
    expect(jobs.map((job) => containerOf(job).args)).toEqual([['migrate']]);
  });

  it('names every object once, and puts it into the namespace of the release', () => {
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(manifests.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['chat']));
  });

  it('runs the migration first, before anything that it could lean on exists', () => {
    const [job] = jobs;
    expect(job?.metadata.annotations?.['helm.sh/hook']).toBe('pre-install,pre-upgrade');
    expect(job?.spec.template.spec.serviceAccountName).toBeUndefined();
    const secrets = job?.spec.template.spec.volumes.filter(({ secret }) => secret).map(({ name }) => name);
    for (const name of secrets ?? []) expect(name).toMatch(/^(cassandra|kafka|redis)-tls$/);
  });

  it('gives the program settings that it takes', () => {
    for (const workload of workloads()) {
      const env = environmentOf(workload);
      expect(Object.keys(env)).toHaveLength(containerOf(workload).env.length);
      expect(() => configOf(workload)).not.toThrow();
      expect(env).toMatchObject({
        PARLEY_TABLE_STORE: 'cassandra',
        PARLEY_EVENT_LOG: 'kafka',
        PARLEY_COORDINATION: 'redis',
      });
    }
  });

  it('tells each service where those are that it calls', () => {
    for (const deployment of deployments) {
      const { peers } = configOf(deployment).of(clusterConfig);
      const names = peers.map((peer) => peer.slice(0, peer.indexOf('=')));
      expect(() => planTargets(services, componentOf(deployment), names)).not.toThrow();
      for (const peer of peers) expectPeer(peer);
    }
  });

  function expectPeer(peer: string): void {
    const [, name, host, port] = /^([a-z-]+)=dns:([a-z-]+):(\d+)$/.exec(peer) ?? [];
    const service = ofKind(manifests, 'Service').find(({ metadata }) => metadata.name === host);
    expect(service?.spec.clusterIP).toBe('None');
    expect(service?.spec.ports).toMatchObject([{ port: Number(port), targetPort: 'rpc' }]);
    const behind = deployments.filter((deployment) => matches(service?.spec.selector ?? {}, deployment));
    expect(behind.map(componentOf)).toEqual([name]);
    const env = environmentOf(behind[0] as Manifest);
    expect(env).toMatchObject({
      PARLEY_RPC_ADDRESS: `0.0.0.0:${port}`,
      PARLEY_RPC_ADVERTISE: `10.0.0.1:${port}`,
    });
  }

  it('says under which address pushes reach a gateway', () => {
    const gateway = deployments.find((deployment) => componentOf(deployment) === 'access-gateway');
    expect(environmentOf(gateway as Manifest).PARLEY_RPC_ADVERTISE).toMatch(/^10[.]0[.]0[.]1:\d+$/);
  });

  it('points services at the ports of exactly one deployment', () => {
    for (const { metadata, spec } of ofKind(manifests, 'Service')) {
      const [behind, ...others] = deployments.filter((deployment) => matches(spec.selector, deployment));
      expect([metadata.name, others]).toEqual([metadata.name, []]);
      const names = containerOf(behind as Manifest).ports?.map(({ name }) => name);
      for (const { targetPort } of spec.ports) expect(names).toContain(targetPort);
    }
  });

  it('opens the ports that the settings say', () => {
    for (const deployment of deployments) {
      const env = environmentOf(deployment);
      const ports = Object.fromEntries(
        (containerOf(deployment).ports ?? []).map(({ name, containerPort }) => [name, String(containerPort)]),
      );
      const publicPort = { 'access-gateway': env.PARLEY_GATEWAY_PORT, 'rest-api': env.PARLEY_REST_PORT }[
        componentOf(deployment)
      ];
      expect(ports.admin).toBe(env.PARLEY_ADMIN_PORT);
      expect(ports.rpc).toBe(env.PARLEY_RPC_ADDRESS?.split(':')[1]);
      expect(ports.public).toBe(publicPort);
      expect(env.PARLEY_ADMIN_BIND).toBe('0.0.0.0');
      expect(env.PARLEY_BIND).toBe(publicPort && '0.0.0.0');
    }
  });

  it('asks the admin port whether a pod has started, is ready and lives', () => {
    for (const deployment of deployments) {
      const { startupProbe, readinessProbe, livenessProbe } = containerOf(deployment);
      expect(startupProbe?.httpGet).toEqual({ path: '/ready', port: 'admin' });
      expect(readinessProbe?.httpGet).toEqual({ path: '/ready', port: 'admin' });
      expect(livenessProbe?.httpGet).toEqual({ path: '/live', port: 'admin' });
    }
  });

  it('leaves a pod the time to end that its settings take', () => {
    for (const deployment of deployments) {
      const env = environmentOf(deployment);
      const drainSeconds = Number(env.PARLEY_GATEWAY_DRAIN_WINDOW_MS ?? 0) / 1_000;
      const stopSeconds = Number(env.PARLEY_STOP_TIMEOUT_MS) / 1_000;
      const preStopSeconds = containerOf(deployment).lifecycle?.preStop.sleep.seconds ?? 0;
      expect(preStopSeconds).toBeGreaterThan(0);
      expect(drainSeconds > 0).toBe(componentOf(deployment) === 'access-gateway');
      expect(stopSeconds).toBeGreaterThanOrEqual(drainSeconds + 10);
      expect(deployment.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(
        preStopSeconds + stopSeconds + STOP_MARGIN_SECONDS,
      );
    }
  });

  it('gives no pod a right, a token or a place to write but its data', () => {
    for (const workload of workloads()) {
      const { spec } = workload.spec.template;
      const { securityContext, volumeMounts } = containerOf(workload);
      expect(spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
      expect(spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      const writable = spec.volumes.filter(({ emptyDir }) => emptyDir).map(({ name }) => name);
      const mounted = volumeMounts.filter(({ name }) => writable.includes(name));
      expect(mounted.map(({ mountPath }) => mountPath)).toEqual([environmentOf(workload).PARLEY_DATA_DIR]);
    }
    for (const account of ofKind(manifests, 'ServiceAccount')) {
      expect(account.automountServiceAccountToken).toBe(false);
    }
  });

  it('agrees with the image about its user and its data', () => {
    for (const deployment of deployments) {
      const { runAsUser, runAsGroup } = deployment.spec.template.spec.securityContext;
      const [data = ''] = argsOf('VOLUME');
      expect(argsOf('USER')).toEqual([`${runAsUser}:${runAsGroup}`]);
      expect(containerOf(deployment).volumeMounts).toContainEqual({ name: 'data', mountPath: data });
    }
  });

  it('states what every container needs and may take', () => {
    for (const workload of workloads()) {
      const { requests, limits } = containerOf(workload).resources;
      expect(Object.keys(requests).sort()).toEqual(['cpu', 'memory']);
      expect(Object.keys(limits)).toContain('memory');
    }
  });

  it('runs one image, of a version that does not move', () => {
    const images = new Set(workloads().map((workload) => containerOf(workload).image));
    expect(images.size).toBe(1);
    expect([...images][0]).toMatch(/^[a-z./]+(:\d+[.]\d+[.]\d+|@sha256:[0-9a-f]{64})$/);
  });

  it('names secrets and holds none', () => {
    expect(new Set(manifests.map(({ kind }) => kind))).toEqual(
      new Set([
        'Deployment',
        'Service',
        'ServiceAccount',
        'Job',
        ...(ofKind(manifests, 'PodDisruptionBudget').length > 0 ? ['PodDisruptionBudget'] : []),
      ]),
    );
    for (const workload of workloads()) {
      for (const { name, value } of containerOf(workload).env) {
        if (/(KEY|PASSWORD|SECRET|TOKEN)$/.test(name)) expect([name, value]).toEqual([name, undefined]);
        expect(value ?? '').not.toMatch(/:[^/]*@/);
      }
    }
    const withKey = deployments.filter((deployment) =>
      containerOf(deployment).env.some(({ name }) => name === 'PARLEY_BOOTSTRAP_APP_KEY'),
    );
    expect(withKey.map(componentOf)).toEqual(['auth']);
  });

  it('keeps a budget for whatever has more than one replica, and spreads it', () => {
    const budgets = ofKind(manifests, 'PodDisruptionBudget');
    for (const deployment of deployments) {
      const own = budgets.filter(({ spec }) => matches(spec.selector.matchLabels, deployment));
      expect(own).toHaveLength(deployment.spec.replicas > 1 ? 1 : 0);
      expect(matches(deployment.spec.selector.matchLabels, deployment)).toBe(true);
      const spread = deployment.spec.template.spec.topologySpreadConstraints ?? [];
      expect(spread.map(({ topologyKey }) => topologyKey)).toEqual([
        'topology.kubernetes.io/zone',
        'kubernetes.io/hostname',
      ]);
      for (const { labelSelector } of spread)
        expect(matches(labelSelector.matchLabels, deployment)).toBe(true);
    }
  });
});

describe('chart', () => {
  it('turns mutual TLS on by one secret', () => {
    for (const deployment of ofKind(render(...(VALUE_SETS[2]?.args ?? [])), 'Deployment')) {
      const { volumes } = deployment.spec.template.spec;
      expect(volumes).toContainEqual({
        name: 'rpc-tls',
        secret: { secretName: 'parley-rpc', defaultMode: 0o440 },
      });
      const env = environmentOf(deployment);
      expect(env.PARLEY_RPC_TLS_CA_FILE).toBe('/etc/parley/rpc-tls/ca.crt');
      expect(env.PARLEY_RPC_TLS_SERVER_NAME).toBe('parley');
    }
  });

  it('derives all times of the gateway from its drain window', () => {
    const graceOf = (seconds: number): number | undefined =>
      ofKind(render('--set', `services.access-gateway.drainWindowSeconds=${seconds}`), 'Deployment').find(
        (deployment) => componentOf(deployment) === 'access-gateway',
      )?.spec.template.spec.terminationGracePeriodSeconds;
    expect((graceOf(300) ?? 0) - (graceOf(60) ?? 0)).toBe(240);
  });

  it('has a description in the schema for every value, and no other', () => {
    const values = parse(readFileSync(new URL('values.yaml', CHART), 'utf8')) as Record<string, unknown>;
    const schema = JSON.parse(readFileSync(new URL('values.schema.json', CHART), 'utf8')) as {
      properties: Record<string, unknown>;
    };
    expect(Object.keys(schema.properties).filter((name) => name !== 'global')).toEqual(Object.keys(values));
  });

  it.each([
    ['replicas=2', /replicas/],
    ['services.gateway.replicas=2', /gateway/],
    ['services.message.replicas=0', /replicas/],
    ['services.message.replica=3', /replica/],
    ['services.message.drainWindowSeconds=3', /drainWindowSeconds/],
    ['services.access-gateway.drainWindowSeconds=600', /drainWindowSeconds/],
    ['services.rest-api.public.type=ExternalName', /type/],
    ['services.auth.resources.limits=null', /limits/],
    ['image.tag=latest', /tag/],
    ['image.digest=sha256:12', /digest/],
    ['kafka.brokers={}', /brokers/],
    ['kafka.brokers={kafka}', /brokers/],
    ['cassandra.contactPoints={cassandra}', /contactPoints/],
    ['cassandra.keyspace=A-b', /keyspace/],
    ['redis.urls={redis://:hunter2@redis:6379}', /urls/],
    ['bootstrapApp.key=abcdef', /key/],
    ['bootstrapApp.existingSecret.name=', /name/],
    ['adminPort=8080', /adminPort/],
    ['logLevel=loud', /logLevel/],
    ['preStopSeconds=0', /preStopSeconds/],
    ['extraEnv[0].name=A,extraEnv[0].value=b,extraEnv[0].secret=c', /extraEnv/],
    ['adminPort=7000', /rpc.port and adminPort are the same/],
    ['extraEnv[0].name=PARLEY_STOP_TIMEOUT_MS,extraEnv[0].value=1s', /PARLEY_STOP_TIMEOUT_MS is set already/],
    ['services.auth.extraEnv[0].name=PARLEY_PEERS', /extraEnv/],
  ])('refuses %s', (assignment, words) => {
    const { status, stderr } = template('--set', assignment);
    expect([status, stderr]).toEqual([1, expect.stringMatching(words)]);
  });

  it('refuses a release name that leaves names too long for a cluster', () => {
    const { stderr } = helm('template', 'a'.repeat(41), 'charts/parley');
    expect(stderr).toContain('40 characters at most');
  });
});
