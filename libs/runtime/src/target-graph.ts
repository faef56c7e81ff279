// Which services a process holds, and in which order they start.
import type { ServiceManifest } from './manifest.js';

/** The target that stands for every service. */
export const ALL_TARGETS = 'all';

// biome-ignore lint/suspicious/noExplicitAny: manifests of different services share no config type
export type AnyManifest = ServiceManifest<any>;

/** The target, or the set of manifests, makes no sense; the message says why and what to do. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

/**
 * The chosen services, owners before their callers. `target` is `all` or names joined by commas.
 * Whoever is called must be chosen too, or be known as a peer (`peers`: names of services of other processes).
 * @throws TargetError naming the mistake: an unknown name, two owners of one proto service, a cycle,
 * a called proto service that nobody owns, or whose owner is not chosen.
 */
export function planTargets(
  manifests: readonly AnyManifest[],
  target: string,
  peers: readonly string[] = [],
): AnyManifest[] {
  const chosen = choose(manifests, target);
  const ownerOf = findOwners(manifests);
  checkCalls(chosen, ownerOf, peers);
  return order(chosen, ownerOf);
}

function choose(manifests: readonly AnyManifest[], target: string): AnyManifest[] {
  if (target === ALL_TARGETS) return [...manifests];
  const names = target.split(',').map((name) => name.trim());
  return names.map((name) => {
    const manifest = manifests.find((candidate) => candidate.name === name);
    if (manifest) return manifest;
    const known = manifests.map((candidate) => candidate.name).join(', ');
    throw new TargetError(`no service "${name}"; use ${ALL_TARGETS}, or some of: ${known}`);
  });
}

function findOwners(manifests: readonly AnyManifest[]): Map<string, AnyManifest> {
  const ownerOf = new Map<string, AnyManifest>();
  for (const manifest of manifests) {
    for (const { typeName } of manifest.owns) {
      const other = ownerOf.get(typeName);
      if (other) throw new TargetError(`${typeName} is owned by ${other.name} and by ${manifest.name}`);
      ownerOf.set(typeName, manifest);
    }
  }
  return ownerOf;
}

function checkCalls(
  chosen: readonly AnyManifest[],
  ownerOf: ReadonlyMap<string, AnyManifest>,
  peers: readonly string[],
): void {
  for (const manifest of chosen) {
    for (const { typeName } of [...manifest.calls, ...(manifest.callsBack ?? [])]) {
      const owner = ownerOf.get(typeName);
      if (!owner) throw new TargetError(`${manifest.name} calls ${typeName}, which no service owns`);
      if (!chosen.includes(owner) && !peers.includes(owner.name)) {
        throw new TargetError(
          `${manifest.name} calls ${typeName} of ${owner.name}; add ${owner.name} to the target, or say where it runs with PARLEY_PEERS=${owner.name}=host:port`,
        );
      }
    }
  }
}

/** Depth first: a service comes after everything it calls. */
function order(chosen: readonly AnyManifest[], ownerOf: ReadonlyMap<string, AnyManifest>): AnyManifest[] {
  const ordered: AnyManifest[] = [];
  const visit = (manifest: AnyManifest, path: readonly AnyManifest[]): void => {
    if (ordered.includes(manifest)) return;
    if (path.includes(manifest)) {
      const cycle = [...path.slice(path.indexOf(manifest)), manifest].map(({ name }) => name);
      throw new TargetError(`services call each other in a circle: ${cycle.join(' → ')}`);
    }
    for (const { typeName } of manifest.calls) {
      const owner = ownerOf.get(typeName);
      if (owner && owner !== manifest && chosen.includes(owner)) visit(owner, [...path, manifest]);
    }
    ordered.push(manifest);
  };
  for (const manifest of chosen) visit(manifest, []);
  return ordered;
}
