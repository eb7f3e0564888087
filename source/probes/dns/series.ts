import { mean, quantile } from '../quantile.js';
import { type SeriesPoint, SHARE_WINDOW_MS, type WindowValues } from '../source.js';
import { halfFigure } from './halves.js';
import type { DnsSample } from './sample.js';
import { searchFigure } from './search-cost.js';

/** Ends of a step that are no answer. */
const UNANSWERED = new Set(['timeout', 'refused', 'unreachable']);

export function* dnsSeries(sample: DnsSample): Iterable<SeriesPoint> {
  for (const name of sample.names) {
    yield [`dns.ok{${name.name}}`, name.resolved ? 1 : 0];
    yield [`dns.ms{${name.name}}`, name.totalMs];
    yield [`dns.half{${name.name}}`, halfFigure(name.steps)];
    yield [`dns.search{${name.name}}`, searchFigure(name)];
    for (const step of name.steps) {
      yield ['dns.step', UNANSWERED.has(step.outcome) ? 0 : 1];
      yield ['dns.stepMs', step.ms];
    }
    for (const ms of name.othersMs ?? []) yield [`dns.othersMs{${name.name}}`, ms];
    for (const late of name.late) yield [`dns.late{${name.name}}`, late.ms];
  }
}

/** Share of the steps that were answered, and how long they took. */
export function* dnsWindows(values: WindowValues): Iterable<SeriesPoint> {
  const steps = values('dns.step', SHARE_WINDOW_MS);
  if (!steps) return;
  yield ['dns.answered', mean(steps)];
  yield ['dns.p95', quantile(values('dns.stepMs', SHARE_WINDOW_MS) ?? [], 0.95)];
}
