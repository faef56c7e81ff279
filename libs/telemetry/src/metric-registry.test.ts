import { createMetricRegistry, LABEL_SETS_MAX, registerProcessMetrics } from './index.js';

describe('metric registry', () => {
  it('exports counters, gauges and histograms in the Prometheus text format', async () => {
    const metrics = createMetricRegistry();
    const sends = metrics.counter('parley.message.sends', 'Sends', { outcome: 'ok' });
    sends.add();
    sends.add(4);
    metrics.counter('parley.message.sends', 'Sends', { outcome: 'refused' }).add();
    metrics.gauge('parley.gateway.connections', 'Open connections', () => 12);
    const duration = metrics.histogram('parley.message.send.duration_ms', 'Duration', [1, 5, 10]);
    for (const value of [0.5, 1, 4, 11]) duration.record(value);

    const lines = (await metrics.collect()).split('\n');
    expect(lines).toContain('# TYPE parley_message_sends_total counter');
    expect(lines).toContain('parley_message_sends_total{outcome="ok"} 5');
    expect(lines).toContain('parley_message_sends_total{outcome="refused"} 1');
    expect(lines).toContain('# HELP parley_gateway_connections Open connections');
    expect(lines).toContain('parley_gateway_connections 12');
    expect(lines).toContain('parley_message_send_duration_ms_bucket{le="1"} 2');
    expect(lines).toContain('parley_message_send_duration_ms_bucket{le="5"} 3');
    expect(lines).toContain('parley_message_send_duration_ms_bucket{le="+Inf"} 4');
    expect(lines).toContain('parley_message_send_duration_ms_count 4');
    expect(lines).toContain('parley_message_send_duration_ms_sum 16.5');
  });

  it('answers the same instrument for the same name and labels, in any order', async () => {
    const metrics = createMetricRegistry();
    expect(metrics.counter('a', 'A', { x: '1', y: '2' })).toBe(metrics.counter('a', 'A', { y: '2', x: '1' }));
    metrics.gauge('g', 'G', () => 1);
    metrics.gauge('g', 'G', () => 2);
    expect(await metrics.collect()).toContain('g 2');
  });

  it('leaves out a gauge that throws and keeps the others', async () => {
    const metrics = createMetricRegistry();
    metrics.gauge('broken', 'Broken', () => {
      throw new Error('no');
    });
    metrics.gauge('whole', 'Whole', () => 1);
    const text = await metrics.collect();
    expect(text).toContain('whole 1');
    expect(text).not.toMatch(/^broken/m);
  });

  it('refuses mistakes at once: another kind, other bounds, falling bounds, endless labels', () => {
    const metrics = createMetricRegistry();
    metrics.counter('a', 'A');
    expect(() => metrics.gauge('a', 'A', () => 1)).toThrow('is a counter');
    metrics.histogram('h', 'H', [1, 2]);
    expect(() => metrics.histogram('h', 'H', [1, 3], { x: '1' })).toThrow('one list of bounds');
    expect(() => metrics.histogram('i', 'I', [2, 1])).toThrow('must rise');
    for (let i = 0; i < LABEL_SETS_MAX; i++) metrics.counter('many', 'Many', { i: String(i) });
    expect(() => metrics.counter('many', 'Many', { i: 'x' })).toThrow('too many label sets');
  });

  it('counts cheaply and exactly', () => {
    const metrics = createMetricRegistry();
    const counter = metrics.counter('hot', 'Hot') as { add(amount?: number): void; total: number };
    for (let i = 0; i < 1_000; i++) counter.add();
    expect(counter.total).toBe(1_000);
  });

  it('shows the process', async () => {
    const metrics = createMetricRegistry();
    const stop = registerProcessMetrics(metrics);
    const text = await metrics.collect();
    stop();
    expect(text).toMatch(/^process_memory_rss_bytes [1-9]\d+$/m);
    expect(text).toMatch(/^process_cpu_user_seconds \d/m);
    expect(text).toMatch(/^process_event_loop_delay_ms\{quantile="0.99"\} \d/m);
    if (process.platform === 'linux') expect(text).toMatch(/^process_open_fds [1-9]/m);
  });
});
