// Metrics as plain numbers: adding costs an addition, reading happens when somebody scrapes.
//
//   counter, histogram ─ typed arrays ─┐
//   gauge ─ function ──────────────────┼─▶ OpenTelemetry SDK ─▶ Prometheus text
//
// Counters and gauges are observable instruments. OpenTelemetry has no observable histogram, so
// histograms enter the same collection as a metric producer (histogram-producer.ts).
import type { Meter, ObservableResult } from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { type HistogramCell, HistogramProducer } from './histogram-producer.js';
import type { Counter, Histogram, Labels, Metrics } from './metrics.js';

/** Label sets of one instrument; more is a mistake in the code that labels. */
export const LABEL_SETS_MAX = 1_000;
export const METER_NAME = 'parley';

/** A registry of one process. */
export interface MetricRegistry extends Metrics {
  /** Everything in the Prometheus text format. A gauge whose function throws or answers NaN is left out. */
  collect(): Promise<string>;
}

export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Asking again for a name with equal labels answers the same instrument; for gauges the newest function wins. */
export const createMetricRegistry = (): MetricRegistry => new OtelMetricRegistry();

class CounterCell implements Counter {
  total = 0;
  add(amount = 1): void {
    this.total += amount;
  }
}

interface Cell<T> {
  readonly labels: Labels;
  value: T;
}

interface Family<T> {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly cells: Map<string, Cell<T>>;
}

class PullReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

class OtelMetricRegistry implements MetricRegistry {
  readonly #histograms = new HistogramProducer(METER_NAME);
  readonly #reader = new PullReader({ metricProducers: [this.#histograms] });
  readonly #meter: Meter = new MeterProvider({ readers: [this.#reader] }).getMeter(METER_NAME);
  readonly #serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  readonly #families = new Map<string, Family<unknown>>();

  counter(name: string, help: string, labels: Labels = {}): Counter {
    const family = this.#family<CounterCell>(name, 'counter', (created) => {
      this.#meter.createObservableCounter(name, { description: help }).addCallback((result) => {
        for (const cell of created.cells.values()) result.observe(cell.value.total, cell.labels);
      });
    });
    return cellOf(family, name, labels, () => new CounterCell()).value;
  }

  gauge(name: string, help: string, read: () => number, labels: Labels = {}): void {
    const family = this.#family<() => number>(name, 'gauge', (created) => {
      this.#meter
        .createObservableGauge(name, { description: help })
        .addCallback((result) => observeGauges(created, result));
    });
    cellOf(family, name, labels, () => read).value = read;
  }

  histogram(name: string, help: string, bounds: readonly number[], labels: Labels = {}): Histogram {
    const family = this.#family<HistogramCell>(name, 'histogram', (created) => {
      this.#histograms.add({ name, help, bounds, cells: created.cells });
    });
    return cellOf(family, name, labels, () => this.#histograms.createCell(name, bounds)).value;
  }

  async collect(): Promise<string> {
    const { resourceMetrics } = await this.#reader.collect();
    return this.#serializer.serialize(resourceMetrics);
  }

  #family<T>(name: string, kind: Family<T>['kind'], onCreated: (family: Family<T>) => void): Family<T> {
    const known = this.#families.get(name);
    if (known && known.kind !== kind) throw new Error(`metric ${name} is a ${known.kind}, not a ${kind}`);
    if (known) return known as Family<T>;
    const family: Family<T> = { kind, cells: new Map() };
    this.#families.set(name, family);
    onCreated(family);
    return family;
  }
}

function cellOf<T>(family: Family<T>, name: string, labels: Labels, create: () => T): Cell<T> {
  const id = JSON.stringify(Object.entries(labels).sort());
  const known = family.cells.get(id);
  if (known) return known;
  if (family.cells.size >= LABEL_SETS_MAX) throw new Error(`metric ${name} has too many label sets`);
  const cell = { labels, value: create() };
  family.cells.set(id, cell);
  return cell;
}

function observeGauges(family: Family<() => number>, result: ObservableResult): void {
  for (const cell of family.cells.values()) {
    const value = readGauge(cell.value);
    if (!Number.isNaN(value)) result.observe(value, cell.labels);
  }
}

function readGauge(read: () => number): number {
  try {
    return read();
  } catch {
    // One broken gauge must not cost the others; its absence shows.
    return Number.NaN;
  }
}
