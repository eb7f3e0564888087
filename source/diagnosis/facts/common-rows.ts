import type { LogMatch } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { type Measured, supports, type WeightedEvidence } from '../old-evidence.js';
import { failing, names } from './http.js';
import { slowestTarget } from './slow-targets.js';

/** Longest part of a log line that stands in a row of evidence, in characters. */
const LOG_LINE = 120;

/** What the users of the failing targets meet; undefined while none fails. `says` stands between names and failure. */
export function failingRow(
  history: History,
  weight: number,
  source: string,
  says: ':' | ' fail:',
): WeightedEvidence | undefined {
  const views = failing(history);
  const first = views[0];
  if (!first) return undefined;
  const value = `${names(views)}${says} ${first.sample.failure?.text ?? `status ${first.sample.status}`}`;
  return supports(weight, { signal: 'http.success', value, threshold: 'every target answers', source });
}

/** The target that got slowest since something began (wall-clock ms); undefined when none did. */
export function slowTargetRow(
  history: History,
  since: number | null,
  weight: number,
  source: string,
): WeightedEvidence | undefined {
  const slow = slowestTarget(history, since);
  if (!slow) return undefined;
  const value = `${slow.target}: ${duration(slow.now)}, it took ${duration(slow.usual)}`;
  const threshold = duration(slow.limit);
  return supports(weight, { signal: `http.ms{${slow.target}}`, value, threshold, source });
}

/** What an application logged, how often, and its newest words. */
export const logRow = (match: LogMatch, threshold: string, source: string): Measured => ({
  signal: `logs.${match.kind}{${match.service}}`,
  value: `${plural(match.recent, 'line')} in 10 s: ${match.lastLine.slice(0, LOG_LINE)}`,
  threshold,
  source,
});
