import type { LogMatch, LogMatchKind } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { fresh } from './values.js';

/** What applications logged of a kind in the last 10 seconds, the noisiest first; empty when nothing matched. */
export function logged(history: History, kind: LogMatchKind): LogMatch[] {
  return (fresh(history.latest.logs)?.matches ?? [])
    .filter((match) => match.kind === kind && match.recent > 0)
    .sort((a, b) => b.recent - a.recent);
}
