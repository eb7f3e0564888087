import { mean, quantile } from '../quantile.js';
import { type SeriesPoint, SHARE_WINDOW_MS, type WindowValues } from '../source.js';
import type { HttpSample } from './sample.js';

/** Latency quantiles need more runs than a share does (ms). */
const QUANTILE_WINDOW_MS = 60_000;

export function* httpSeries(sample: HttpSample): Iterable<SeriesPoint> {
  const { target, ok, totalMs, late, status, failure, certificate } = sample;
  yield [`http.ok{${target}}`, ok ? 1 : 0];
  yield [`http.ms{${target}}`, totalMs];
  if (!late) {
    // One point for each request that was sent, for shares.
    yield [`http.requests{${target}}`, ok ? 1 : 0];
    yield [`http.status{${target}}`, status ?? 0];
  }
  // One point for each handshake that came to an end.
  if (failure?.tls || certificate) yield [`http.tls{${target}}`, certificate ? 1 : 0];
  if (certificate) yield [`http.certificateDays{${target}}`, certificate.left];
  yield ['http.ok', ok ? 1 : 0];
  yield ['http.ms', totalMs];
}

/** Share of all targets' requests that went well, and quantiles of their times. */
export function* httpWindows(values: WindowValues): Iterable<SeriesPoint> {
  const ok = values('http.ok', SHARE_WINDOW_MS);
  if (!ok) return;
  yield ['http.success', mean(ok)];
  const latencies = values('http.ms', QUANTILE_WINDOW_MS) ?? [];
  yield ['http.p50', quantile(latencies, 0.5)];
  yield ['http.p99', quantile(latencies, 0.99)];
}
