import { defineMode } from '../../source/diagnosis/define-mode.js';
import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/evidence.js';
import { aroundDatabase } from '../../source/diagnosis/facts/blast-radius.js';
import { restartFix, resumeFix, sickApp } from '../../source/diagnosis/facts/context.js';
import { clearedDatabase, database } from '../../source/diagnosis/facts/database.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { failingRow, logRow } from '../../source/diagnosis/facts/rows.js';
import { isFrozen, isGone, processText, serviceAt } from '../../source/diagnosis/facts/services.js';
import { unreadSince } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { PostgresSample, ServiceSample } from '../../source/probes/samples.js';
import type { Fix, RuledOut } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';

const THRESHOLDS = {
  refused: {
    unit: 'ms',
    weight: 0.3,
    against: 0.4,
    reads: 'SELECT 1 answers',
    source: 'connect(2): ECONNREFUSED means nobody listens on that port',
  },
  silent: {
    unit: 'ms',
    weight: 0.2,
    reads: 'SELECT 1 answers',
    source: 'the probe waits as long as a client would',
  },
  process: {
    unit: '',
    weight: 0.2,
    against: 0.1,
    reads: 'running',
    source: 'proc(5): state of /proc/PID/stat',
  },
  frozenProcess: {
    unit: '',
    weight: 0.05,
    reads: 'running',
    source: 'proc(5): state T, while the database still says something',
  },
  failingTargets: {
    unit: 'targets',
    weight: 0.05,
    source: 'Container Networking Exhaustion document: error rate above 95 %',
  },
  logLines: {
    unit: 'lines',
    weight: 0.04,
    source: 'connect(2): ECONNREFUSED means nobody listens on that port',
  },
} as const satisfies Thresholds;

/** PostgreSQL error 57P03 cannot_connect_now. */
const STARTING = /starting up|shutting down|recovery mode|not yet accepting/i;

/** The database cannot be reached at its own address: gone, frozen, or not ready. */
export const mode = defineMode({
  id: 'database-down',
  called: 'the database',
  scope: 'listener',
  inputs: ['postgres'],
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
    return sample ? [candidate(history, sample)] : [];
  },
  clears: clearedDatabase,
});

function candidate(history: History, sample: PostgresSample): Candidate {
  const service = serviceAt(history, sample.address);
  const client = sickApp(history)?.label ?? 'clients';
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
      failingRow(history, THRESHOLDS.failingTargets),
      logs(history),
    ),
    ruledOut: notFull(sample),
    fix: [
      now(sample, service),
      { when: 'later', text: 'a supervisor that restarts it, and a standby that takes over' },
      {
        when: 'later',
        text: 'circuit breaker: answer 503 at once while the database is away',
        remedy: 'breaker',
      },
    ],
    explanation: explanation(sample, service),
    since: sample.failure ? unreadSince(history, 'postgres.selectOne') : null,
    radius: aroundDatabase(history, sample),
  };
}

function now({ address, failure }: PostgresSample, service: ServiceSample | undefined): Fix {
  const label = service?.name ?? `the database at ${address}`;
  return service && isFrozen(service)
    ? resumeFix(service, address)
    : restartFix(service, address, `start ${label} again`, failure?.kind === 'refused');
}

/** A full database answers, and says that it is full; a refusal by the kernel is none of its words. */
function notFull({ failure }: PostgresSample): RuledOut[] {
  if (failure?.kind !== 'refused' && failure?.kind !== 'timeout') return [];
  const said = failure.kind === 'refused' ? 'the kernel refuses' : 'it says nothing';
  const because = `${said}; a full one says 53300 itself`;
  return [{ id: 'database-connections', title: 'a full database', because }];
}

function isDown({ failure }: PostgresSample): boolean {
  if (!failure) return false;
  return ['refused', 'timeout', 'reset'].includes(failure.kind) || STARTING.test(failure.text);
}

function titleOf({ failure }: PostgresSample, service: ServiceSample | undefined): string {
  if (failure && STARTING.test(failure.text))
    return 'The database is not ready: it is starting or shutting down';
  if (service && isFrozen(service)) return 'The database is frozen: its process is stopped by a signal';
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

function process(
  history: History,
  { address, failure }: PostgresSample,
  service: ServiceSample | undefined,
): WeightedEvidence {
  if (!service)
    return missing('service.up', processMissing(history, address), 'whether the database process runs');
  const row = { signal: `service.up{${service.name}}`, value: processText(service) };
  if (isGone(service)) return supports(THRESHOLDS.process, row);
  if (isFrozen(service))
    return supports(failure?.kind === 'timeout' ? THRESHOLDS.process : THRESHOLDS.frozenProcess, row);
  return refutes(THRESHOLDS.process, row);
}

const processMissing = (history: History, address: string): string =>
  history.latest.services ? `no process seen behind ${address}` : 'processes are not watched here';

function logs(history: History): WeightedEvidence | undefined {
  const match = logged(history, 'connection-refused')[0] ?? logged(history, 'connection-timeout')[0];
  return match && supports(THRESHOLDS.logLines, logRow(match, 'none'));
}

function explanation(sample: PostgresSample, service: ServiceSample | undefined): string[] {
  const lines = [`asked by address: ${sample.failure?.text ?? 'it answers again'}`];
  if (service) lines.push(`${service.name}: ${processText(service)}`);
  return lines;
}
