import { mean, quantile } from '../../probes/quantile.js';
import type { SeriesBook } from '../series.js';

/** Success and DNS shares are taken over this long (ms): short enough to show a change, long enough for ten runs. */
export const SHARE_WINDOW_MS = 20_000;
/** Latency quantiles of HTTP need more runs than a share does (ms). */
export const QUANTILE_WINDOW_MS = 60_000;

const valuesSince = (book: SeriesBook, signal: string, since: number): number[] =>
  (book.get(signal)?.since(since) ?? []).map((point) => point.value);

/** Adds one point to each signal that is a figure over a window; NaN where the window is empty. */
export function putWindows(book: SeriesBook, now: number): void {
  if (book.get('http.ok')) {
    book.push('http.success', now, mean(valuesSince(book, 'http.ok', now - SHARE_WINDOW_MS)));
    const latencies = valuesSince(book, 'http.ms', now - QUANTILE_WINDOW_MS);
    book.push('http.p50', now, quantile(latencies, 0.5));
    book.push('http.p99', now, quantile(latencies, 0.99));
  }
  if (book.get('dns.step')) {
    book.push('dns.answered', now, mean(valuesSince(book, 'dns.step', now - SHARE_WINDOW_MS)));
    book.push('dns.p95', now, quantile(valuesSince(book, 'dns.stepMs', now - SHARE_WINDOW_MS), 0.95));
  }
}
