import { databaseText, isInnocent } from '../../source/diagnosis/facts/database.js';
import type { Finding } from '../../source/store/finding.js';
import type { FaultlineState } from '../../source/store/state.js';

/** The cause that was named, or undefined while there is none. */
export const namedFinding = (state: FaultlineState): Finding | undefined =>
  state.findings.find(
    (finding) => finding.namedAt !== null && finding.explainedBy === null && finding.severity !== 'notice',
  );

/** What the database's own probe says, as a clause; empty when it is not read now. */
export function database(state: FaultlineState): string {
  const latest = state.latest.postgres;
  if (!latest || latest.stale) return '';
  const text = databaseText(latest.sample);
  return isInnocent(latest.sample) ? ` The database is innocent: ${text}` : ` The database: ${text}`;
}

/** The same in few words, for when all is well. */
export function databaseShort(state: FaultlineState): string {
  const latest = state.latest.postgres;
  return latest && !latest.stale && latest.sample.selectOneMs !== null
    ? `, ${databaseText(latest.sample)}`
    : '';
}

/** `42 s`, `2 min 5 s`. */
export function seconds(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  return total < 60 ? `${total} s` : `${Math.floor(total / 60)} min ${total % 60} s`;
}
