import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, refutes, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundDatabase } from '../../source/diagnosis/facts/blast-radius.js';
import { bringBackFix, sickApp } from '../../source/diagnosis/facts/context.js';
import { clearedDatabase, database } from '../../source/diagnosis/facts/database.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { failingRow, logsRow, processRow } from '../../source/diagnosis/facts/rows.js';
import {
  answersNobody,
  isFrozen,
  isPausedContainer,
  processText,
  serviceAt,
} from '../../source/diagnosis/facts/services.js';
import { unreadSince } from '../../source/diagnosis/facts/values.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { PostgresSample, ServiceSample } from '../../source/probes/samples.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { refusedDatabases } from './refused.js';
import { THRESHOLDS } from './thresholds.js';
import { unentered } from './unentered.js';

/** PostgreSQL error 57P03 cannot_connect_now. */
const STARTING = /starting up|shutting down|recovery mode|not yet accepting/i;

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
  detect(history) {
    const sample = database(history);
    return [
      ...(sample ? [candidate(history, sample)] : []),
      ...unentered(history),
      ...refusedDatabases(history),
    ];
  },
  clears: clearedDatabase,
});

function candidate(history: History, sample: PostgresSample): Candidate {
  const service = serviceAt(history, sample.address);
  const radius = aroundDatabase(history, sample);
  const client = sickApp(history, radius)?.label ?? 'clients';
  return {
    subject: { kind: 'listener', id: sample.address },
    target: `${client} → database ${service?.name ?? sample.address}`,
    raise: isDown(sample),
    clear: sample.failure === null && sample.selectOneMs !== null,
    title: titleOf(sample, service),
    severity: 'critical',
    evidence: gather(
      reached(sample),
      process(history, sample, service),
      failingRow(failingAt(history, radius).targets, THRESHOLDS.failingTargets),
      logsRow(history, THRESHOLDS.logLines, 'connection-refused', 'connection-timeout'),
    ),
    ruledOut: notFull(sample),
    fix: [
      now(sample, service),
      later('a supervisor that restarts it, and a standby that takes over'),
      later('circuit breaker: answer 503 at once while the database is away', 'breaker'),
    ],
    explanation: explanation(sample, service),
    since: sample.failure ? unreadSince(history, 'postgres.selectOne') : null,
    radius,
  };
}

function now({ address, failure }: PostgresSample, service: ServiceSample | undefined): Fix {
  const label = service?.name ?? `the database at ${address}`;
  return bringBackFix(service, address, `start ${label} again`, failure?.kind === 'refused');
}

/** A full database answers, and says that it is full; a refusal by the kernel is none of its words. */
function notFull({ failure }: PostgresSample): Rival[] {
  if (failure?.kind !== 'refused' && failure?.kind !== 'timeout') return [];
  const said = failure.kind === 'refused' ? 'the kernel refuses' : 'it says nothing';
  const because = `${said}; a full one says 53300 itself`;
  return [{ id: 'database-connections', because }];
}

function isDown({ failure }: PostgresSample): boolean {
  if (!failure) return false;
  return ['refused', 'timeout', 'reset'].includes(failure.kind) || STARTING.test(failure.text);
}

function titleOf({ failure }: PostgresSample, service: ServiceSample | undefined): string {
  if (failure && STARTING.test(failure.text))
    return 'The database is not ready: it is starting or shutting down';
  if (service && isFrozen(service))
    return isPausedContainer(service)
      ? 'The database is frozen: its container is paused'
      : 'The database is frozen: its process is stopped by a signal';
  if (failure?.kind === 'timeout') return 'The database does not answer';
  return 'The database is down: nothing listens at its address';
}

function reached({ failure, selectOneMs }: PostgresSample): WeightedEvidence | undefined {
  const signal = 'postgres.selectOne';
  if (failure)
    return supports(failure.kind === 'refused' ? THRESHOLDS.refused : THRESHOLDS.silent, {
      signal,
      value: `${failure.text} (asked by address)`,
    });
  if (selectOneMs === null) return undefined;
  const value = `SELECT 1 in ${duration(selectOneMs)}`;
  return refutes(THRESHOLDS.refused, { signal, reading: selectOneMs, value, threshold: 'an error' });
}

/** A frozen process speaks less while the database still says something. */
function process(
  history: History,
  { address, failure }: PostgresSample,
  service: ServiceSample | undefined,
): WeightedEvidence {
  const speaking = service && isFrozen(service) && failure?.kind !== 'timeout';
  const against = speaking ? THRESHOLDS.frozenProcess : THRESHOLDS.process;
  return processRow(
    history,
    against,
    address,
    service && answersNobody(service),
    'whether the database process runs',
  );
}

function explanation(sample: PostgresSample, service: ServiceSample | undefined): string[] {
  const lines = [`asked by address: ${sample.failure?.text ?? 'it answers again'}`];
  if (service) lines.push(`${service.name}: ${processText(service)}`);
  return lines;
}
