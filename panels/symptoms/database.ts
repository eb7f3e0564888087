import type { FaultlineState } from '../../source/store/state.js';
import { duration } from '../../source/terminal/format.js';
import type { Verdict } from './gauge.js';

const FAILED = {
  refused: 'refuses',
  timeout: 'no answer',
  'too-many-connections': 'no slot free',
  authentication: 'lets nobody in',
  reset: 'hangs up',
  other: 'fails',
} as const;

/**
 * Judges the database by its connections (0 to max) and by whether an ordinary client gets in. While something
 * else is named as the cause, a database that answers is called innocent: it is the first one to be suspected.
 */
export function judgeDatabase(connections: number, state: FaultlineState): Verdict {
  const sample = state.latest.postgres?.sample;
  if (sample?.failure) return { level: 'critical', word: FAILED[sample.failure.kind] };
  if (sample?.maxConnections && connections / sample.maxConnections > 0.8)
    return { level: 'warning', word: 'above 80 %' };
  const answer = sample?.selectOneMs == null ? '' : `SELECT 1 in ${duration(sample.selectOneMs)}`;
  const trouble = state.findings.some((finding) => finding.state === 'firing');
  return { level: 'ok', word: trouble && answer ? 'innocent' : 'ok', detail: answer };
}
