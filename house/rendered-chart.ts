// The chart as Helm renders it, as objects.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const RELEASE = 'demo';
const NAMESPACE = 'chat';

type Labels = Readonly<Record<string, string>>;

interface EnvVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly EnvVariable[];
  readonly envFrom?: readonly unknown[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;
  readonly securityContext: unknown;
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
  }[];
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
}

export interface Pod {
  readonly metadata: { readonly labels: Labels; readonly annotations?: Labels };
  readonly spec: {
    readonly serviceAccountName?: string;
    readonly automountServiceAccountToken: boolean;
    readonly enableServiceLinks: boolean;
    readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
    readonly terminationGracePeriodSeconds: number;
    readonly topologySpreadConstraints?: readonly {
      readonly topologyKey: string;
      readonly labelSelector: { readonly matchLabels: Labels };
    }[];
    readonly containers: readonly [Container];
    readonly volumes: readonly {
      readonly name: string;
      readonly emptyDir?: unknown;
      readonly secret?: {
        readonly secretName: string;
        readonly defaultMode: number;
        readonly items?: readonly { readonly key: string; readonly path: string }[];
      };
    }[];
  };
}

/** Any object of the chart: the union of the fields that the tests read. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Labels;
    readonly annotations?: Labels;
  };
  readonly automountServiceAccountToken?: boolean;
  readonly spec: {
    readonly replicas: number;
    readonly template: Pod;
    readonly selector: Labels & { readonly matchLabels: Labels };
    readonly clusterIP?: string;
    readonly type?: string;
    readonly ports: readonly { readonly port: number; readonly targetPort: string }[];
  };
}

interface HelmRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the pinned Helm, building it first where that has not happened. */
export function helm(...args: readonly string[]): HelmRun {
  const options = { cwd: ROOT, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync('deploy/tools/helm.sh', args, options);
  return { status, stdout, stderr };
}

export const template = (...args: readonly string[]): HelmRun =>
  helm('template', RELEASE, 'charts/parley', '--namespace', NAMESPACE, ...args);

/** @throws Error with Helm's own words when it refuses. */
export function render(...args: readonly string[]): readonly Manifest[] {
  const { status, stdout, stderr } = template(...args);
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout).flatMap((document) => {
    if (document.errors[0]) throw document.errors[0];
    const manifest = document.toJS() as Manifest | null;
    return manifest ? [manifest] : [];
  });
}

export const ofKind = (manifests: readonly Manifest[], kind: string): readonly Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind);

/** The service that a workload runs. */
export const componentOf = ({ metadata }: Manifest): string =>
  metadata.labels['app.kubernetes.io/component'] ?? '';

export const containerOf = ({ spec }: Manifest): Container => spec.template.spec.containers[0];

const secretOf = (name: string): string =>
  name.endsWith('_URL')
    ? 'redis://user:secret@redis-0:6379,redis://user:secret@redis-1:6379'
    : 'f00d'.repeat(16);

/** What the program will see, as on a node of the cluster: secrets exist, the pod has an address. */
export function environmentOf(workload: Manifest): Record<string, string> {
  const pairs = containerOf(workload).env.map(({ name, value }) => [name, value ?? secretOf(name)]);
  const environment = Object.fromEntries(pairs) as Record<string, string>;
  for (const [name, value] of Object.entries(environment)) {
    environment[name] = value.replace('$(POD_IP)', '10.0.0.1');
  }
  return environment;
}

/** Settings that come from secrets, each as `<secret>/<key>`. */
export function secretReferencesOf(workload: Manifest): Record<string, string> {
  return Object.fromEntries(
    containerOf(workload).env.flatMap(({ name, valueFrom }) => {
      const reference = valueFrom?.secretKeyRef;
      return reference ? [[name, `${reference.name}/${reference.key}`]] : [];
    }),
  );
}
