// Chooses one of several replicas for each call. Any replica gives a correct
// answer; preferring one per routing key keeps its caches warm.
import type { DescMethod } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import type { CallContext } from './call-context.js';
import { transportClosed } from './failures.js';
import { methodPolicy } from './method-policy.js';
import { peekStrings } from './peek-strings.js';
import { hashText, rendezvousScore } from './rendezvous.js';
import type { Transport } from './transport.js';

/** A transport to one replica. */
export interface EndpointTransport extends Transport {
  /** Whether a call may be expected to get through; costs nothing to ask. */
  readonly isHealthy: boolean;
}

export interface Endpoint {
  /** The same in every process that knows the replica, e.g. its address. */
  readonly id: string;
  readonly transport: EndpointTransport;
}

export interface BalancedTransport extends Transport {
  /**
   * Replaces the replicas. Transports that are no longer named are closed, except that
   * calls in flight on them end as closing ends them.
   */
  setEndpoints(endpoints: readonly Endpoint[]): Promise<void>;
}

/**
 * Calls with a routing key (method policy) go to the healthy replica that rendezvous hashing
 * prefers for the key's values, sorted and joined, where an empty value stands for the caller's
 * user id; other calls take turns. When no replica is healthy the preferred one is tried all
 * the same. Without replicas: UNAVAILABLE. Owns its endpoints: closing closes them.
 */
export const createBalancedTransport = (endpoints: readonly Endpoint[]): BalancedTransport =>
  new RendezvousTransport(endpoints);

interface Replica extends Endpoint {
  readonly hash: number;
}

class RendezvousTransport implements BalancedTransport {
  #replicas: readonly Replica[];
  #turn = 0;
  #isClosed = false;

  constructor(endpoints: readonly Endpoint[]) {
    this.#replicas = toReplicas(endpoints);
  }

  async call(method: DescMethod, request: Uint8Array, context: CallContext): Promise<Uint8Array> {
    if (this.#isClosed) throw transportClosed();
    const { routingFields } = methodPolicy(method);
    const replica =
      routingFields.length === 0
        ? this.#nextInTurn()
        : this.#preferred(hashText(routingKeyOf(request, routingFields, context)));
    if (replica === undefined)
      throw new ChatError(ErrorCode.UNAVAILABLE, 'no replica of the service is known');
    return replica.transport.call(method, request, context);
  }

  async setEndpoints(endpoints: readonly Endpoint[]): Promise<void> {
    if (this.#isClosed) throw transportClosed();
    const kept = new Set(endpoints.map((endpoint) => endpoint.transport));
    const dropped = this.#replicas.filter((replica) => !kept.has(replica.transport));
    this.#replicas = toReplicas(endpoints);
    await Promise.all(dropped.map((replica) => replica.transport.close()));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#replicas.map((replica) => replica.transport.close()));
  }

  #preferred(keyHash: number): Replica | undefined {
    let best: Replica | undefined;
    let bestScore = -1;
    for (const replica of this.#replicas) {
      // Any healthy replica beats any unhealthy one.
      const score = rendezvousScore(keyHash, replica.hash) + (replica.transport.isHealthy ? 2 ** 32 : 0);
      if (score <= bestScore) continue;
      best = replica;
      bestScore = score;
    }
    return best;
  }

  #nextInTurn(): Replica | undefined {
    const count = this.#replicas.length;
    this.#turn = (this.#turn + 1) % Math.max(count, 1);
    for (let step = 0; step < count; step++) {
      const replica = this.#replicas[(this.#turn + step) % count];
      if (replica?.transport.isHealthy) return replica;
    }
    return this.#replicas[this.#turn];
  }
}

const toReplicas = (endpoints: readonly Endpoint[]): readonly Replica[] => {
  const ids = new Set(endpoints.map((endpoint) => endpoint.id));
  if (ids.size !== endpoints.length) throw new Error('two endpoints share an id');
  return endpoints.map((endpoint) => ({ ...endpoint, hash: hashText(endpoint.id) }));
};

function routingKeyOf(request: Uint8Array, fields: readonly number[], context: CallContext): string {
  const values = peekStrings(request, fields).map((value) => (value === '' ? context.userId : value));
  if (values.length > 1) values.sort();
  // The app comes first: two apps may have users of the same name.
  return `${context.appId}\n${values.join('\n')}`;
}
