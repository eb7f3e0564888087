import { quantile } from '../../../probes/quantile.js';
import type { Answer } from '../lab/client.js';

/** How customers fared over a while. */
export interface LoadFigures {
  readonly sent: number;
  readonly failed: number;
  /** Of the good answers, ms; null when there was none. */
  readonly p50: number | null;
  readonly p95: number | null;
  /** Replicas that answered. */
  readonly replicas: number;
  /** Errors by their text, most frequent first. */
  readonly errors: readonly { readonly text: string; readonly count: number }[];
}

/** Adds up how requests went. Pure. */
export function loadFigures(answers: readonly Answer[]): LoadFigures {
  const good = answers.filter(({ ok }) => ok);
  const times = good.map(({ ms }) => ms);
  const texts = new Map<string, number>();
  for (const { error } of answers) if (error !== null) texts.set(error, (texts.get(error) ?? 0) + 1);
  return {
    sent: answers.length,
    failed: answers.length - good.length,
    p50: times.length === 0 ? null : quantile(times, 0.5),
    p95: times.length === 0 ? null : quantile(times, 0.95),
    replicas: new Set(good.map(({ by }) => by)).size,
    errors: [...texts].map(([text, count]) => ({ text, count })).sort((a, b) => b.count - a.count),
  };
}
