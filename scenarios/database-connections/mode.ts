import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, missing, supports, type WeightedEvidence, weigh } from '../../source/diagnosis/evidence.js';
import { aroundDatabase } from '../../source/diagnosis/facts/blast-radius.js';
import { sickApp } from '../../source/diagnosis/facts/context.js';
import { database, isInnocent } from '../../source/diagnosis/facts/database.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { failingRow, logRow } from '../../source/diagnosis/facts/rows.js';
import { isFullDatabase, roomySlots, type Slots, slots } from '../../source/diagnosis/facts/slots.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { History } from '../../source/store/history.js';
import { THRESHOLDS } from './thresholds.js';

/** Every connection slot an ordinary client may have is taken. */
export const mode = defineMode({
  id: 'database-connections',
  called: 'a full database',
  scope: 'listener',
  inputs: [['postgres', 'datastores']],
  forMs: 2500,
  keepMs: 5000,
  minSamples: 1,
  base: 0.45,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'service-hung', 'close-wait-leak'],
  rivals: ['resolver-saturation', 'resolver-dead', 'name-missing', 'service-stopped', 'service-hung'],
  detect: (history) => slots(history).map((one) => candidate(history, one)),
  clears(history) {
    const sample = database(history);
    if (!sample) return roomySlots(history, THRESHOLDS.slotsUsed.clear);
    if (isFullDatabase(sample) || sample.connections === null) return undefined;
    return isInnocent(sample) ? `${sample.connections} of ${sample.maxConnections} in use` : undefined;
  },
});

function candidate(history: History, one: Slots): Candidate {
  const { raise, clear } = THRESHOLDS.slotsUsed;
  const { address, name, server, entered, full, fill, isRead, runs, free, since, seenAt } = one;
  const radius = aroundDatabase(history, one);
  return {
    subject: { kind: 'listener', id: address },
    target: `${sickApp(history, radius)?.label ?? 'clients'} → ${server}`,
    raise: full || (fill !== undefined && fill > raise),
    clear: !full && isRead && (fill === undefined || fill < clear),
    title: full ? `${name} is out of ${one.of}` : `${name} is nearly out of connections`,
    severity: full ? 'critical' : 'warning',
    evidence: evidenceOf(history, one, radius),
    ruledOut: runs === undefined ? [] : [{ id: 'database-down', title: 'a dead database', because: runs }],
    fix: [
      free,
      ...(one.of === 'open files'
        ? [later('more open files for it: LimitNOFILE of its unit, nofile of its container')]
        : []),
      later('connection pool in the application: a few connections, reused', 'pool'),
      ...(entered ? [ROLE_LIMITS] : []),
    ],
    explanation: one.explanation,
    since,
    radius,
    ...(seenAt ? { seenAt } : {}),
  };
}

const ROLE_LIMITS = {
  ...later('a limit for each role, and an end to idle sessions'),
  command: `psql -U postgres -c "alter role ROLE connection limit 10" -c "alter role ROLE set idle_session_timeout = '1min'"`,
};

/** What speaks for and against a full database, each with its figure. */
function evidenceOf(history: History, one: Slots, radius: readonly string[]): WeightedEvidence[] {
  const { turnedAway, holder, quoted, full, entered } = one;
  const { logLines, quotedLines, largestHolder } = THRESHOLDS;
  return gather(
    turnedAway && weigh(full, THRESHOLDS.turnedAway, turnedAway),
    used(one),
    holder && holder.reading >= largestHolder.value && supports(largestHolder, holder),
    failingRow(failingAt(history, radius).targets, THRESHOLDS.failingTargets),
    quoted && supports(entered ? logLines : quotedLines, logRow(quoted, 'none')),
  );
}

/** Of one that is entered it is missed where it cannot be read; where it is counted from outside, a full one is sure. */
function used({ used: row, fill = 0, entered, of }: Slots): WeightedEvidence | undefined {
  const { slotsUsed, everySlot, openFiles } = THRESHOLDS;
  if (!row)
    return entered
      ? missing('postgres.connections', 'not readable without a reserved slot', 'connections in use')
      : undefined;
  if (of === 'open files') return supports(openFiles, row);
  if (!entered && fill >= everySlot.value) return supports(everySlot, row);
  return weigh(fill > slotsUsed.raise, slotsUsed, row);
}
