import { logRow } from '../../source/diagnosis/facts/common-rows.js';
import type { SickApp } from '../../source/diagnosis/facts/context.js';
import {
  DATABASE_FAST_MS,
  database,
  databaseText,
  isInnocent,
} from '../../source/diagnosis/facts/database.js';
import type { Demand } from '../../source/diagnosis/facts/demand.js';
import {
  type ResolverView,
  resolverService,
  SLOW_LOOKUP_MS,
  waitedOut,
} from '../../source/diagnosis/facts/dns.js';
import { names, silent, targets } from '../../source/diagnosis/facts/http.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { isFrozen, isGone, processText } from '../../source/diagnosis/facts/services.js';
import { duration, plural, rate } from '../../source/diagnosis/facts/text.js';
import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/old-evidence.js';
import type { History } from '../../source/store/history.js';
import { THRESHOLDS } from './thresholds.js';

export interface Scene {
  readonly history: History;
  readonly view: ResolverView;
  readonly app: SickApp | undefined;
  readonly demand: Demand | undefined;
}

/** The mean wait of a lookup by Little's law (ms), or undefined when it cannot be told. */
export function littleWait(demand: Demand | undefined): number | undefined {
  if (!demand || demand.arrivals === undefined) return undefined;
  return demand.arrivals > 0 ? (demand.askers * 1000) / demand.arrivals : Number.POSITIVE_INFINITY;
}

/** Whether far more lookups wait than arrivals can explain: the load feeds itself. */
export function outlived(demand: Demand | undefined): boolean {
  const wait = littleWait(demand);
  return (
    demand !== undefined &&
    wait !== undefined &&
    demand.askers >= THRESHOLDS.askers.value &&
    wait >= THRESHOLDS.littleWaitMs.value
  );
}

/** What speaks for and against a saturated resolver, each with its figure. */
export const evidenceOf = (scene: Scene): WeightedEvidence[] =>
  gather(
    asked(scene),
    late(scene),
    http(scene),
    crowd(scene),
    spike(scene),
    databaseRow(scene),
    resolverProcess(scene),
    logs(scene),
  );

function asked({ view }: Scene): WeightedEvidence | undefined {
  const waiting = view.names.filter(waitedOut);
  const threshold = `an answer within ${duration(view.patienceMs)}`;
  const source = 'RFC 1035 clients give up and ask again; the probe waits as long as they do';
  const first = waiting[0];
  if (!first) return undefined;
  const value = `${first.name}: nothing within ${duration(view.patienceMs)}, ${plural(first.failed, 'run')} in a row`;
  return supports(0.15, { signal: `dns.ok{${first.name}}`, value, threshold, source });
}

function late({ view }: Scene): WeightedEvidence | undefined {
  const answers = view.names.flatMap((name) =>
    name.late.map((point) => ({ name: name.name, ms: point.value })),
  );
  const slow = view.names.flatMap((name) => name.slow.map((point) => ({ name: name.name, ms: point.value })));
  const newest = answers.at(-1) ?? slow.at(-1);
  if (!newest) return undefined;
  const { source } = THRESHOLDS.lateAnswers;
  const value =
    answers.length > 0
      ? `${plural(answers.length, 'answer')} too late, the last after ${duration(newest.ms)}`
      : `answers slow down: the last took ${duration(newest.ms)}`;
  const threshold = answers.length > 0 ? `before ${duration(view.patienceMs)}` : duration(SLOW_LOOKUP_MS);
  const row = { signal: `dns.late{${newest.name}}`, value, threshold, source };
  return supports(answers.length > 0 ? 0.2 : 0.1, row);
}

function http({ history }: Scene): WeightedEvidence | undefined {
  const all = targets(history);
  const waiting = silent(history);
  const source = 'Container Networking Exhaustion document: HTTP 000 while the process runs';
  const first = waiting[0];
  if (all.length === 0) return missing('http.ok', 'no HTTP target is probed', 'a byte of an answer');
  if (!first) return undefined;
  const value = `${names(waiting)}: connected, then no byte for ${duration(first.sample.totalMs)}`;
  return supports(0.08, {
    signal: `http.ok{${first.target}}`,
    value,
    threshold: 'a first byte within 5 s',
    source,
  });
}

function crowd({ demand }: Scene): WeightedEvidence | undefined {
  if (!demand)
    return missing('sockets.askers', 'waiting lookups could not be counted', 'how many lookups wait');
  const { askers, littleWaitMs } = THRESHOLDS;
  const waiting = `${plural(demand.askers, 'lookup')} wait`;
  if (demand.arrivals === undefined)
    return demand.askers >= askers.value
      ? supports(0.04, {
          signal: 'sockets.askers',
          value: waiting,
          threshold: `${askers.value}`,
          source: askers.source,
        })
      : undefined;
  const row = {
    signal: 'sockets.askers',
    value: `${waiting} while ${rate(demand.arrivals)} connections a second arrive`,
    threshold: `waiting / arriving below ${duration(littleWaitMs.value)}`,
    source: littleWaitMs.source,
  };
  if (outlived(demand)) return supports(0.1, row);
  return demand.askers < askers.value ? refutes(0.05, row) : undefined;
}

function spike({ demand }: Scene): WeightedEvidence | undefined {
  if (!demand || demand.arrivals === undefined || demand.peak === undefined) return undefined;
  const { value: ratio, source } = THRESHOLDS.spikeRatio;
  if (demand.peak < Math.max(1, demand.arrivals) * ratio) return undefined;
  return supports(0.04, {
    signal: 'kernel.Tcp.PassiveOpens',
    value: `${rate(demand.peak)} connections a second at the peak, ${rate(demand.arrivals)} now`,
    threshold: `${ratio} times as many as now`,
    source,
  });
}

function databaseRow({ history }: Scene): WeightedEvidence | undefined {
  const sample = database(history);
  if (!sample)
    return missing('postgres.selectOne', 'no database is probed', 'whether the database is innocent');
  const row = {
    signal: 'postgres.selectOne',
    value: `${databaseText(sample)}, asked by address`,
    threshold: `${duration(DATABASE_FAST_MS)}, 80 % of connections`,
    source: 'Coroot PostgresLatency; Netdata postgres connections',
  };
  return isInnocent(sample) ? supports(0.08, row) : refutes(0.15, row);
}

function resolverProcess({ history, view }: Scene): WeightedEvidence | undefined {
  const service = resolverService(history, view);
  if (!service)
    return missing('service.up', `no process seen behind ${view.resolver}`, 'that the resolver runs');
  const row = {
    signal: `service.up{${service.name}}`,
    value: processText(service),
    threshold: 'running',
    source: 'proc(5): state of /proc/PID/stat',
  };
  return isGone(service) || isFrozen(service) ? refutes(0.3, row) : supports(0.04, row);
}

function logs({ history }: Scene): WeightedEvidence | undefined {
  const temporary = logged(history, 'name-resolution-temporary')[0];
  const gone = logged(history, 'name-resolution-missing')[0];
  const match = temporary ?? gone;
  if (!match) return undefined;
  const threshold = temporary ? 'none' : 'temporary failures, not a missing name';
  const row = logRow(match, threshold, THRESHOLDS.logLines.source);
  return temporary ? supports(0.04, row) : refutes(0.1, row);
}
