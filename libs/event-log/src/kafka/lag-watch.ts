// The lag of this process's members, as a metric. Fetching tells the ends of partitions; while a stuck handler
// keeps a partition from being fetched, only asking does.
import type { Logger, Metrics } from '@parley/telemetry';
import type { Topic } from '../event-log.js';
import { reasonOf } from './kafka-error.js';

export interface LagWatchOptions {
  readonly logger: Logger;
  readonly metrics: Metrics | undefined;
  readonly endOffsets: (topic: Topic) => Promise<bigint[]>;
}

export interface Watched {
  readonly topic: Topic;
  readonly group: string;
  readonly member: { readonly lag: number; heardOfEnds(ends: readonly bigint[]): void };
}

const INTERVAL_MS = 10_000;

export class LagWatch {
  readonly #options: LagWatchOptions;
  readonly #watched = new Set<Watched>();
  readonly #shown = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;

  constructor(options: LagWatchOptions) {
    this.#options = options;
  }

  /** Until the returned function is called. */
  watch(watched: Watched): () => void {
    this.#watched.add(watched);
    this.#show(watched);
    this.#timer ??= setInterval(() => void this.#ask(), INTERVAL_MS);
    return () => {
      this.#watched.delete(watched);
      if (this.#watched.size === 0) this.stop();
    };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #show({ topic, group }: Watched): void {
    const name = `${topic.name}/${group}`;
    if (this.#shown.has(name)) return;
    this.#shown.add(name);
    const lag = (): number =>
      [...this.#watched]
        .filter((it) => it.topic.name === topic.name && it.group === group)
        .reduce((sum, { member }) => sum + member.lag, 0);
    const help = 'Records that the group has not finished';
    this.#options.metrics?.gauge('parley.event_log.lag', help, lag, { topic: topic.name, group });
  }

  async #ask(): Promise<void> {
    // A slow answer must not gather a queue of questions.
    if (this.#isAsking) return;
    this.#isAsking = true;
    const topics = new Map([...this.#watched].map(({ topic }) => [topic.name, topic]));
    for (const topic of topics.values()) await this.#askFor(topic);
    this.#isAsking = false;
  }

  async #askFor(topic: Topic): Promise<void> {
    try {
      const ends = await this.#options.endOffsets(topic);
      for (const it of this.#watched) if (it.topic.name === topic.name) it.member.heardOfEnds(ends);
    } catch (thrown) {
      this.#options.logger.debug('ends not heard', { topic: topic.name, reason: reasonOf(thrown) });
    }
  }
}
