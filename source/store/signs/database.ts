import type { PostgresSample } from '../../probes/samples.js';
import type { Judged } from './level.js';

/** Share of its connections above which a database is worth a look: pools hold many, and nobody may want the rest. */
const MANY_CONNECTIONS = 0.8;

const FAILED = {
  refused: 'refuses',
  timeout: 'no answer',
  'too-many-connections': 'no slot free',
  authentication: 'lets nobody in',
  reset: 'hangs up',
  other: 'fails',
} as const;

/** How it stands with a database that an ordinary client tries to enter. */
export function judgeDatabase({ failure, connections, maxConnections }: PostgresSample): Judged {
  if (failure) return { level: 'critical', word: FAILED[failure.kind] };
  const share = (connections ?? 0) / (maxConnections || Number.POSITIVE_INFINITY);
  return share > MANY_CONNECTIONS ? { level: 'notice', word: 'above 80 %' } : { level: 'ok', word: 'ok' };
}
