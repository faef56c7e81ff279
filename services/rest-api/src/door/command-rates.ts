// How often an app may call. Counted in coordination, so the limit is one for all
// nodes: with a bucket on every node an app would get its limit once per replica.
// The price is one round trip a call in a cluster, and none in one process.
import type { Coordination } from '@parley/coordination';
import { type AppId, ChatError, ErrorCode } from '@parley/kernel';
import type { Counter, Metrics } from '@parley/telemetry';

/** Receivers of batch sends of one app in a minute. */
export const BATCH_RECEIVERS_PER_MINUTE = 12_000;

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

export interface RateFactors {
  readonly general: number;
  readonly byApp: ReadonlyMap<number, number>;
}

/** `1400000001=5,1400000002=0`, as the settings write it. */
export function parseFactors(general: number, byApp: string): RateFactors {
  const pairs = byApp === '' ? [] : byApp.split(',').map((pair) => pair.split('=').map(Number));
  return { general, byApp: new Map(pairs.map(([appId = 0, factor = general]) => [appId, factor])) };
}

export interface CommandRatesOptions {
  readonly coordination: Pick<Coordination, 'countInWindow'>;
  readonly factors: RateFactors;
  readonly metrics: Metrics;
}

interface Limit {
  readonly name: string;
  readonly amount: number;
  readonly max: number;
  readonly windowMs: number;
  readonly code: ErrorCode;
}

export class CommandRates {
  readonly #uncounted: Counter;

  constructor(private readonly options: CommandRatesOptions) {
    this.#uncounted = options.metrics.counter(
      'parley.rest_api.uncounted_calls',
      'Calls that passed without being counted because coordination was not reachable',
    );
  }

  /** @throws ChatError 60007 above `perSecondMax` calls a second. */
  countCall(appId: AppId, path: string, perSecondMax: number): Promise<void> {
    const code = ErrorCode.COMMAND_RATE_EXCEEDED;
    return this.#count(appId, { name: path, amount: 1, max: perSecondMax, windowMs: SECOND_MS, code });
  }

  /** @throws ChatError 90057 above {@link BATCH_RECEIVERS_PER_MINUTE}; the refused receivers count too. */
  countBatchReceivers(appId: AppId, receivers: number): Promise<void> {
    return this.#count(appId, {
      name: 'batch-receivers',
      amount: receivers,
      max: BATCH_RECEIVERS_PER_MINUTE,
      windowMs: MINUTE_MS,
      code: ErrorCode.BATCH_RATE_EXCEEDED,
    });
  }

  async #count(appId: AppId, { name, amount, max, windowMs, code }: Limit): Promise<void> {
    const factor = this.options.factors.byApp.get(appId) ?? this.options.factors.general;
    if (factor === 0) return;
    const total = await this.#countInWindow(`rest:rate:{${appId}:${name}}`, amount, windowMs);
    if (total > max * factor) {
      throw new ChatError(code, `at most ${max * factor} in ${windowMs / SECOND_MS} s, retry later`, {
        retryAfterMs: windowMs,
      });
    }
  }

  /** A limit protects; it must not be what stops an app while coordination is away. */
  async #countInWindow(key: string, amount: number, windowMs: number): Promise<number> {
    try {
      return await this.options.coordination.countInWindow(key, amount, windowMs);
    } catch (thrown) {
      if (ChatError.from(thrown).code !== ErrorCode.UNAVAILABLE) throw thrown;
      this.#uncounted.add();
      return 0;
    }
  }
}
