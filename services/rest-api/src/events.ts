// What the REST door tells its operators: one line, one count and one duration a request.
import type { Clock } from '@parley/kernel';
import type { Counter, Histogram, Logger, Metrics } from '@parley/telemetry';
import type { Command } from './commands/command.js';
import type { Visit } from './door/visit.js';

const DURATION_BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 3_000];
/** An unknown path is the caller's text. */
const PATH_CHARS_MAX = 100;
const UNKNOWN = 'unknown';

interface Instruments {
  readonly succeeded: Counter;
  readonly refused: Counter;
  readonly duration: Histogram;
}

export interface RequestEventsOptions {
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly commands: readonly Command[];
}

export class RequestEvents {
  readonly #instruments = new Map<string, Instruments>();

  constructor(private readonly options: RequestEventsOptions) {
    for (const path of [...options.commands.map((command) => command.path), UNKNOWN]) {
      this.#instruments.set(path, createInstruments(options.metrics, path));
    }
  }

  listening(url: string): void {
    this.options.log.info('listening', { url });
  }

  /** A request ended: answered, or left by its caller. */
  requestEnded(visit: Visit): void {
    const { arrival, command, caller, answer, bodyBytes } = visit;
    const durationMs = this.options.clock.now() - visit.startedAtMs;
    const code = answer?.envelope.ErrorCode;
    const instruments = this.#instruments.get(command?.path ?? UNKNOWN);
    instruments?.[code === 0 ? 'succeeded' : 'refused'].add();
    instruments?.duration.record(durationMs);
    const fields = {
      method: arrival.method,
      command: command?.path ?? arrival.url.split('?', 1)[0]?.slice(0, PATH_CHARS_MAX),
      appId: caller?.appId,
      userId: caller?.identifier,
      status: answer?.status,
      code: code ?? 'aborted',
      reason: visit.reason,
      bodyBytes,
      durationMs,
    };
    if (visit.failure === undefined) this.options.log.info('request', fields);
    else this.options.log.error('request', { ...fields, cause: visit.failure });
  }
}

const createInstruments = (metrics: Metrics, command: string): Instruments => ({
  succeeded: metrics.counter('parley.rest_api.requests', 'REST requests', { command, outcome: 'succeeded' }),
  refused: metrics.counter('parley.rest_api.requests', 'REST requests', { command, outcome: 'refused' }),
  duration: metrics.histogram(
    'parley.rest_api.request.duration_ms',
    'From arrival to answer',
    DURATION_BOUNDS_MS,
    {
      command,
    },
  ),
});
