import { defineMode } from '../../source/diagnosis/define-mode.js';
import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/evidence.js';
import { clearedDatabase } from '../../source/diagnosis/facts/database.js';
import type { DatabaseState } from '../../source/diagnosis/facts/database-state.js';
import { seenDatastores } from '../../source/diagnosis/facts/datastore-states.js';
import { enteredDatabase } from '../../source/diagnosis/facts/entered-database.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { failingRow, logsRow, notAcceptedRow, processRow } from '../../source/diagnosis/facts/rows.js';
import { answersNobody } from '../../source/diagnosis/facts/services.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { History } from '../../source/store/history.js';
import { THRESHOLDS } from './thresholds.js';

/** The database cannot be reached at its own address: gone, frozen, or not ready. */
export const mode = defineMode({
  id: 'database-down',
  called: 'the database',
  scope: 'listener',
  inputs: [['postgres', 'datastores', 'sockets', 'inside']],
  // One missed reading may be a restart; two are an outage.
  forMs: 2500,
  keepMs: 5000,
  minSamples: 1,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'service-hung', 'database-connections', 'close-wait-leak'],
  rivals: ['resolver-saturation', 'resolver-dead', 'name-missing', 'service-stopped', 'service-hung'],
  detect: (history) =>
    [...enteredDatabase(history), ...seenDatastores(history, THRESHOLDS)].map((one) =>
      candidate(history, one),
    ),
  clears: clearedDatabase,
});

function candidate(history: History, one: DatabaseState): Candidate {
  const { address, client, server, down, well, grave, radius, seenAt } = one;
  return {
    subject: { kind: 'listener', id: address },
    target: `${client} → ${server}`,
    raise: down,
    clear: well,
    title: `${one.name} ${one.trouble}`,
    severity: grave ? 'critical' : 'warning',
    evidence: evidenceOf(history, one),
    ruledOut: one.notFull.map((because) => ({ id: 'database-connections', because })),
    fix: one.fix,
    explanation: one.explanation,
    since: one.since,
    radius,
    ...(seenAt ? { seenAt } : {}),
  };
}

/** What speaks for and against a dead database, each with its figure. */
function evidenceOf(history: History, one: DatabaseState): WeightedEvidence[] {
  const { failingTargets, logLines, notAccepted } = THRESHOLDS;
  return gather(
    answer(one),
    notAcceptedRow('datastores.queued', one, notAccepted),
    process(history, one),
    failingRow(failingAt(history, one.radius).targets, failingTargets),
    one.outcome !== 'attempts' && logsRow(history, logLines, 'connection-refused', 'connection-timeout'),
  );
}

function answer({ outcome, asked }: DatabaseState): WeightedEvidence | undefined {
  if (outcome === undefined) return undefined;
  if (outcome === 'unread') return missing(asked.signal, asked.value, 'an answer to a handshake');
  return outcome === 'answers' ? refutes(THRESHOLDS.refused, asked) : supports(THRESHOLDS[outcome], asked);
}

/** A frozen process speaks less while the database still says something. */
function process(history: History, one: DatabaseState): WeightedEvidence | undefined {
  const { entered, address, service, speaksFrozen } = one;
  if (!entered) return one.process && supports(THRESHOLDS.process, one.process);
  const against = speaksFrozen ? THRESHOLDS.frozenProcess : THRESHOLDS.process;
  const wanted = 'whether the database process runs';
  return processRow(history, against, address, service && answersNobody(service), wanted);
}
