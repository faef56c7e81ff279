// The metrics' shape: plain numbers on the hot path, read out by observable instruments.

/** Labels are fixed when the instrument is made: no allocation per measurement. */
export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(amount?: number): void;
}

export interface Histogram {
  record(value: number): void;
}

/** OpenTelemetry names, with the unit last: `parley.message.send.duration_ms`. */
export interface Metrics {
  counter(name: string, help: string, labels?: Labels): Counter;
  gauge(name: string, help: string, read: () => number, labels?: Labels): void;
  histogram(name: string, help: string, bounds: readonly number[], labels?: Labels): Histogram;
}
