// What a process says about itself, whatever runs in it.
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './metrics.js';

/** How often the event loop's delay is sampled, ms. */
const LOOP_SAMPLE_MS = 20;
const NS_PER_MS = 1_000_000;

/** Registers the process gauges. The answer ends the sampling of the event loop. */
export function registerProcessMetrics(metrics: Metrics): () => void {
  metrics.gauge('process.memory.rss_bytes', 'Resident memory of the process', () =>
    process.memoryUsage.rss(),
  );
  metrics.gauge('process.memory.heap_used_bytes', 'Heap in use', () => process.memoryUsage().heapUsed);
  metrics.gauge('process.memory.heap_total_bytes', 'Heap reserved', () => process.memoryUsage().heapTotal);
  metrics.gauge(
    'process.memory.external_bytes',
    'Memory outside the heap held by objects',
    () => process.memoryUsage().external,
  );
  metrics.gauge(
    'process.cpu.user_seconds',
    'CPU time in user mode since the start',
    () => process.cpuUsage().user / 1e6,
  );
  metrics.gauge(
    'process.cpu.system_seconds',
    'CPU time in system mode since the start',
    () => process.cpuUsage().system / 1e6,
  );
  metrics.gauge('process.uptime_seconds', 'Time since the process started', () => process.uptime());
  metrics.gauge('process.open_fds', 'Open file descriptors (Linux)', countOpenFds);
  return registerLoopDelay(metrics);
}

function countOpenFds(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : Number.NaN;
}

function registerLoopDelay(metrics: Metrics): () => void {
  const delay = monitorEventLoopDelay({ resolution: LOOP_SAMPLE_MS });
  delay.enable();
  const help = 'Delay of the event loop beyond its sampling interval since the start';
  const gauge = (quantile: string, readNs: () => number) =>
    metrics.gauge(
      'process.event_loop.delay_ms',
      help,
      () => Math.max(0, readNs() / NS_PER_MS - LOOP_SAMPLE_MS),
      { quantile },
    );
  gauge('0.5', () => delay.percentile(50));
  gauge('0.99', () => delay.percentile(99));
  gauge('max', () => delay.max);
  return () => void delay.disable();
}
