// Histograms of typed arrays, handed to the OpenTelemetry SDK as a metric producer.
import { type HrTime, ValueType } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type CollectionResult,
  DataPointType,
  type HistogramMetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { Histogram, Labels } from './metrics.js';

/** Buckets by inclusive upper bound, and one above all bounds. */
export class HistogramCell implements Histogram {
  readonly counts: Float64Array;
  sum = 0;

  constructor(readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  record(value: number): void {
    let bucket = 0;
    // Bounds are few and values mostly small: a walk beats a search.
    while (bucket < this.bounds.length && value > (this.bounds[bucket] as number)) bucket++;
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.sum += value;
  }
}

export interface HistogramFamily {
  readonly name: string;
  readonly help: string;
  readonly bounds: readonly number[];
  readonly cells: ReadonlyMap<string, { readonly labels: Labels; readonly value: HistogramCell }>;
}

export class HistogramProducer implements MetricProducer {
  readonly #families = new Map<string, HistogramFamily>();
  readonly #startTime = toHrTime(Date.now());

  constructor(private readonly scopeName: string) {}

  /** @throws Error when the bounds do not rise. */
  add(family: HistogramFamily): void {
    for (let i = 1; i < family.bounds.length; i++) {
      const [lower, upper] = [family.bounds[i - 1] as number, family.bounds[i] as number];
      if (!(lower < upper)) throw new Error(`metric ${family.name}: bounds must rise`);
    }
    this.#families.set(family.name, family);
  }

  /** @throws Error when the family has other bounds. */
  createCell(name: string, bounds: readonly number[]): HistogramCell {
    const family = this.#families.get(name);
    if (family && family.bounds.join() !== bounds.join()) {
      throw new Error(`metric ${name}: all label sets share one list of bounds`);
    }
    return new HistogramCell(bounds);
  }

  async collect(): Promise<CollectionResult> {
    const endTime = toHrTime(Date.now());
    const metrics = [...this.#families.values()].map((family) => this.#toMetricData(family, endTime));
    return {
      // The reader keeps the SDK's resource and drops this one.
      resourceMetrics: {
        resource: emptyResource as CollectionResult['resourceMetrics']['resource'],
        scopeMetrics: [{ scope: { name: this.scopeName }, metrics }],
      },
      errors: [],
    };
  }

  #toMetricData(family: HistogramFamily, endTime: HrTime): HistogramMetricData {
    const dataPoints = [...family.cells.values()].map(({ labels, value }) => {
      const counts = [...value.counts];
      return {
        startTime: this.#startTime,
        endTime,
        attributes: labels,
        value: {
          buckets: { boundaries: [...family.bounds], counts },
          sum: value.sum,
          count: counts.reduce((total, count) => total + count, 0),
        },
      };
    });
    return {
      descriptor: { name: family.name, description: family.help, unit: '', valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints,
    };
  }
}

const emptyResource = { attributes: {} };

function toHrTime(timeMs: number): HrTime {
  const seconds = Math.floor(timeMs / 1_000);
  return [seconds, (timeMs - seconds * 1_000) * 1_000_000];
}
