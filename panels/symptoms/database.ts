import { judgeDatabase } from '../../source/store/signs/database.js';
import type { FaultlineState } from '../../source/store/state.js';
import { duration } from '../../source/terminal/format.js';
import type { Verdict } from './gauge.js';

/**
 * Judges the database by its connections and by whether an ordinary client gets in. While something
 * else is named as the cause, a database that answers is called innocent: it is the first one to be suspected.
 */
export function databaseVerdict(state: FaultlineState): Verdict {
  const sample = state.latest.postgres?.sample;
  const judged = sample && judgeDatabase(sample);
  if (judged && judged.level !== 'ok') return judged;
  const answer = sample?.selectOneMs == null ? '' : `SELECT 1 in ${duration(sample.selectOneMs)}`;
  const trouble = state.findings.some((finding) => finding.state === 'firing');
  return { level: 'ok', word: trouble && answer ? 'innocent' : 'ok', detail: answer };
}
