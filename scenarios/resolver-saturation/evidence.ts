import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
  weigh,
} from '../../source/diagnosis/evidence.js';
import { database, databaseText, isInnocent } from '../../source/diagnosis/facts/database.js';
import type { Demand } from '../../source/diagnosis/facts/demand.js';
import {
  type ResolverView,
  resolverService,
  SLOW_LOOKUP_MS,
  waitedOut,
} from '../../source/diagnosis/facts/dns.js';
import { names, silent, targets } from '../../source/diagnosis/facts/http.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { logRow, serviceRow } from '../../source/diagnosis/facts/rows.js';
import { answersNobody } from '../../source/diagnosis/facts/services.js';
import type { History } from '../../source/store/history.js';
import { duration, plural, rate } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

export interface Scene {
  readonly history: History;
  readonly view: ResolverView;
  readonly demand: Demand | undefined;
}

/** The mean wait of a lookup by Little's law (ms), or undefined when it cannot be told. */
export function littleWait(demand: Demand | undefined): number | undefined {
  if (!demand || demand.arrivals === undefined) return undefined;
  return demand.arrivals > 0 ? (demand.waitingLookups * 1000) / demand.arrivals : Number.POSITIVE_INFINITY;
}

/** Whether far more lookups wait than arrivals can explain: the load feeds itself. */
export function outlived(demand: Demand | undefined): boolean {
  const wait = littleWait(demand);
  return (
    demand !== undefined &&
    wait !== undefined &&
    demand.waitingLookups >= THRESHOLDS.waitingLookups.value &&
    wait >= THRESHOLDS.meanWait.value
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
  const first = view.names.filter(waitedOut)[0];
  if (!first) return undefined;
  const patience = duration(view.patienceMs);
  return supports(THRESHOLDS.waitedInVain, {
    signal: `dns.ok{${first.name}}`,
    reading: first.failed,
    value: `${first.name}: nothing within ${patience}, ${plural(first.failed, 'run')} in a row`,
    threshold: `an answer within ${patience}`,
  });
}

function late({ view }: Scene): WeightedEvidence | undefined {
  const told = (key: 'late' | 'slow') =>
    view.names.flatMap(({ name, [key]: points }) => points.map(({ value }) => ({ name, ms: value })));
  const answers = told('late');
  const newest = answers.at(-1) ?? told('slow').at(-1);
  if (!newest) return undefined;
  const row = { signal: `dns.late{${newest.name}}` };
  return answers.length > 0
    ? supports(THRESHOLDS.lateAnswers, {
        ...row,
        reading: answers.length,
        value: `${plural(answers.length, 'answer')} too late, the last after ${duration(newest.ms)}`,
        threshold: `before ${duration(view.patienceMs)}`,
      })
    : supports(THRESHOLDS.slowAnswers, {
        ...row,
        reading: newest.ms,
        value: `answers slow down: the last took ${duration(newest.ms)}`,
        threshold: duration(SLOW_LOOKUP_MS),
      });
}

function http({ history }: Scene): WeightedEvidence | undefined {
  if (targets(history).length === 0)
    return missing('http.ok', 'no HTTP target is probed', 'a byte of an answer');
  const waiting = silent(history);
  const first = waiting[0];
  if (!first) return undefined;
  return supports(THRESHOLDS.hangingTargets, {
    signal: `http.ok{${first.target}}`,
    reading: waiting.length,
    value: `${names(waiting)}: connected, then no byte for ${duration(first.sample.totalMs)}`,
  });
}

function crowd({ demand }: Scene): WeightedEvidence | undefined {
  if (!demand)
    return missing('sockets.askers', 'waiting lookups could not be counted', 'how many lookups wait');
  const { waitingLookups, meanWait } = THRESHOLDS;
  const waiting = `${plural(demand.waitingLookups, 'lookup')} wait`;
  const row = { signal: 'sockets.askers', reading: demand.waitingLookups };
  if (demand.arrivals === undefined)
    return demand.waitingLookups >= waitingLookups.value
      ? supports(waitingLookups, { ...row, value: waiting })
      : undefined;
  const measured = {
    ...row,
    reading: littleWait(demand),
    value: `${waiting} while ${rate(demand.arrivals)} connections a second arrive`,
    threshold: `waiting / arriving below ${duration(meanWait.value)}`,
  };
  if (outlived(demand)) return supports(meanWait, measured);
  return demand.waitingLookups < waitingLookups.value ? refutes(meanWait, measured) : undefined;
}

function spike({ demand }: Scene): WeightedEvidence | undefined {
  if (!demand || demand.arrivals === undefined || demand.peak === undefined) return undefined;
  const ratio = demand.peak / Math.max(1, demand.arrivals);
  if (ratio < THRESHOLDS.spike.value) return undefined;
  return supports(THRESHOLDS.spike, {
    signal: 'kernel.Tcp.PassiveOpens',
    reading: ratio,
    value: `${rate(demand.peak)} connections a second at the peak, ${rate(demand.arrivals)} now`,
  });
}

function databaseRow({ history }: Scene): WeightedEvidence | undefined {
  const sample = database(history);
  if (!sample)
    return missing('postgres.selectOne', 'no database is probed', 'whether the database is innocent');
  return weigh(isInnocent(sample), THRESHOLDS.innocentDatabase, {
    signal: 'postgres.selectOne',
    reading: sample.selectOneMs ?? undefined,
    value: `${databaseText(sample)}, asked by address`,
  });
}

function resolverProcess({ history, view }: Scene): WeightedEvidence | undefined {
  const service = resolverService(history, view);
  const runs = service && !answersNobody(service);
  const why = `no process seen behind ${view.resolver}`;
  return serviceRow(service, THRESHOLDS.resolverRuns, runs, why, 'that the resolver runs');
}

function logs({ history }: Scene): WeightedEvidence | undefined {
  const temporary = logged(history, 'name-resolution-temporary')[0];
  const match = temporary ?? logged(history, 'name-resolution-missing')[0];
  if (!match) return undefined;
  return temporary
    ? supports(THRESHOLDS.logLines, logRow(match, 'none'))
    : refutes(THRESHOLDS.logLines, logRow(match, 'temporary failures, not a missing name'));
}
