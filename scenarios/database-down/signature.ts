import { failingRow, logRow } from '../../source/diagnosis/facts/common-rows.js';
import { restartFix, resumeFix, sickApp } from '../../source/diagnosis/facts/context.js';
import { database } from '../../source/diagnosis/facts/database.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { isFrozen, isGone, processText, serviceAt } from '../../source/diagnosis/facts/services.js';
import { duration } from '../../source/diagnosis/facts/text.js';
import { earliest, known } from '../../source/diagnosis/facts/values.js';
import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/old-evidence.js';
import { placeOf } from '../../source/diagnosis/places.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { PostgresSample, ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';

const THRESHOLDS = {
  refused: 'connect(2): ECONNREFUSED means nobody listens on that port',
  silent: 'the probe waits as long as a client would',
  process: 'proc(5): state of /proc/PID/stat',
  starting: 'PostgreSQL error 57P03 cannot_connect_now',
} as const;

const STARTING = /starting up|shutting down|recovery mode|not yet accepting/i;

/** The database cannot be reached at its own address: gone, frozen, or not ready. */
export const signature: Signature = {
  id: 'database-down',
  // One missed reading may be a restart; two are an outage.
  forMs: 2500,
  keepMs: 5000,
  explains: ['http-errors', 'service-hung', 'database-connections', 'close-wait-leak'],
  assess,
};

function assess(history: History): Assessment | undefined {
  const sample = database(history);
  if (!sample) return undefined;
  const service = serviceAt(history, sample.address);
  const app = sickApp(history);
  const down = isDown(sample);
  return {
    target: `${app?.label ?? 'clients'} → database ${service?.name ?? sample.address}`,
    raise: down,
    clear: sample.failure === null && sample.selectOneMs !== null,
    title: titleOf(sample, service),
    severity: 'critical',
    base: 0.4,
    evidence: gather(reached(sample), process(history, sample, service), http(history), logs(history)),
    ruledOut: [
      ...notFull(sample),
      ...ruledOut(history, [
        'traffic-spike',
        'resolver-dead',
        'name-missing',
        'service-stopped',
        'service-hung',
      ]),
    ],
    fix: [
      now(sample, service),
      { when: 'later', text: 'a supervisor that restarts it, and a standby that takes over' },
      {
        when: 'later',
        text: 'circuit breaker: answer 503 at once while the database is away',
        action: { name: 'harden', argument: 'breaker' },
      },
    ],
    story: story(sample, service),
    since: firstFailure(history, sample),
    reach: { seenAt: [placeOf(sample.address)] },
  };
}

function now(
  { address, failure }: PostgresSample,
  service: ServiceSample | undefined,
): Assessment['fix'][number] {
  const label = service?.name ?? `the database at ${address}`;
  return service && isFrozen(service)
    ? resumeFix(service, address)
    : restartFix(service, address, `start ${label} again`, failure?.kind === 'refused');
}

/** A full database answers, and says that it is full; a refusal by the kernel is none of its words. */
function notFull({ failure }: PostgresSample): Assessment['ruledOut'] {
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
  if (!failure)
    return selectOneMs === null
      ? undefined
      : refutes(0.4, {
          signal,
          value: `SELECT 1 in ${duration(selectOneMs)}`,
          threshold: 'an error',
          source: THRESHOLDS.refused,
        });
  const source = failure.kind === 'refused' ? THRESHOLDS.refused : THRESHOLDS.silent;
  const row = {
    signal,
    value: `${failure.text} (asked by address)`,
    threshold: 'SELECT 1 answers',
    source,
  };
  return supports(failure.kind === 'refused' ? 0.3 : 0.2, row);
}

function process(
  history: History,
  { address, failure }: PostgresSample,
  service: ServiceSample | undefined,
): WeightedEvidence {
  if (!service)
    return missing('service.up', processMissing(history, address), 'whether the database process runs');
  const row = {
    signal: `service.up{${service.name}}`,
    value: processText(service),
    threshold: 'running',
    source: THRESHOLDS.process,
  };
  if (isGone(service)) return supports(0.2, row);
  if (isFrozen(service)) return supports(failure?.kind === 'timeout' ? 0.2 : 0.05, row);
  return refutes(0.1, row);
}

const processMissing = (history: History, address: string): string =>
  history.latest.services ? `no process seen behind ${address}` : 'processes are not watched here';

function http(history: History): WeightedEvidence | undefined {
  return failingRow(
    history,
    0.05,
    'Container Networking Exhaustion document: error rate above 95 %',
    ' fail:',
  );
}

function logs(history: History): WeightedEvidence | undefined {
  const match = logged(history, 'connection-refused')[0] ?? logged(history, 'connection-timeout')[0];
  if (!match) return undefined;
  return supports(0.04, logRow(match, 'none', THRESHOLDS.refused));
}

function story(sample: PostgresSample, service: ServiceSample | undefined): string[] {
  const lines = [`asked by address: ${sample.failure?.text ?? 'it answers again'}`];
  if (service) lines.push(`${service.name}: ${processText(service)}`);
  return lines;
}

/** The first of the failed readings until now: a failed one is NaN. */
function firstFailure(history: History, sample: PostgresSample): number | null {
  if (!sample.failure) return null;
  const lastGood = known(history, 'postgres.selectOne', 600_000).at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  const failed = history.window('postgres.selectOne', 600_000).find((point) => point.at > lastGood);
  return earliest(failed?.at);
}
