import type { LogMatch } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { type Measured, supports, type WeightedEvidence } from '../evidence.js';
import type { Threshold } from '../mode.js';
import { failing, names } from './http.js';
import { slowestTarget } from './slow-targets.js';

/** Rows of evidence that several modes print alike; each mode weighs them by a threshold of its own. */

/** Longest part of a log line that stands in a row of evidence, in characters. */
const LOG_LINE = 120;

/** What the users of the failing targets meet; undefined while none fails. `says` stands between names and failure. */
export function failingRow(
  history: History,
  against: Threshold,
  says: ':' | ' fail:' = ' fail:',
): WeightedEvidence | undefined {
  const views = failing(history);
  const first = views[0];
  if (!first) return undefined;
  const verb = says === ' fail:' && views.length === 1 ? ' fails:' : says;
  const value = `${names(views)}${verb} ${first.sample.failure?.text ?? `status ${first.sample.status}`}`;
  return supports(against, {
    signal: 'http.success',
    reading: views.length,
    value,
    threshold: 'every target answers',
  });
}

/** The target that got slowest since something began (wall-clock ms); undefined when none did. */
export function slowTargetRow(
  history: History,
  since: number | null,
  against: Threshold,
): WeightedEvidence | undefined {
  const slow = slowestTarget(history, since);
  if (!slow) return undefined;
  return supports(against, {
    signal: `http.ms{${slow.target}}`,
    reading: slow.now,
    value: `${slow.target}: ${duration(slow.now)}, it took ${duration(slow.usual)}`,
    threshold: duration(slow.limit),
  });
}

/** What an application logged, how often, and its newest words. */
export const logRow = (match: LogMatch, threshold: string): Measured => ({
  signal: `logs.${match.kind}{${match.service}}`,
  reading: match.recent,
  value: `${plural(match.recent, 'line')} in 10 s: ${match.lastLine.slice(0, LOG_LINE)}`,
  threshold,
});
