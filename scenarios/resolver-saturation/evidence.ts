import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
  weigh,
} from '../../source/diagnosis/evidence.js';
import { database, databaseText, isInnocent } from '../../source/diagnosis/facts/database.js';
import { resolverService, SLOW_LOOKUP_MS } from '../../source/diagnosis/facts/dns.js';
import { names, silent, targets } from '../../source/diagnosis/facts/http.js';
import { waitedOut } from '../../source/diagnosis/facts/lookup-trouble.js';
import { readSince } from '../../source/diagnosis/facts/read-since.js';
import type { ResolverQueue } from '../../source/diagnosis/facts/resolver-queues.js';
import { lookupLogsRow, serviceRow } from '../../source/diagnosis/facts/rows.js';
import { answersNobody } from '../../source/diagnosis/facts/services.js';
import { duration, plural, rate } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** What speaks for and against a saturated resolver, each with its figure. */
export const evidenceOf = (queue: ResolverQueue): WeightedEvidence[] =>
  gather(
    asked(queue),
    turnedAway(queue),
    late(queue),
    http(queue),
    crowd(queue),
    spike(queue),
    databaseRow(queue),
    resolverProcess(queue),
    lookupLogsRow(queue.history, THRESHOLDS.logLines, queue.askers, 'name-resolution-temporary'),
  );

function asked({ view }: ResolverQueue): WeightedEvidence | undefined {
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

function turnedAway({ shed: [first] }: ResolverQueue): WeightedEvidence | undefined {
  const step = first?.sample.steps.find(({ outcome }) => outcome === 'REFUSED' || outcome === 'SERVFAIL');
  if (!first || !step) return undefined;
  return supports(THRESHOLDS.turnedAway, {
    signal: `dns.ok{${first.name}}`,
    reading: step.ms,
    value: `${first.name}: ${step.outcome} in ${duration(step.ms)}, while others wait for it or are answered`,
  });
}

function late({ view }: ResolverQueue): WeightedEvidence | undefined {
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

function http({ history }: ResolverQueue): WeightedEvidence | undefined {
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

function crowd({ demand, meanWaitMs, outlived }: ResolverQueue): WeightedEvidence | undefined {
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
    reading: meanWaitMs,
    value: `${waiting} while ${rate(demand.arrivals)} connections a second arrive`,
    threshold: `waiting / arriving below ${duration(meanWait.value)}`,
  };
  if (outlived) return supports(meanWait, measured);
  return demand.waitingLookups < waitingLookups.value ? refutes(meanWait, measured) : undefined;
}

function spike({ demand }: ResolverQueue): WeightedEvidence | undefined {
  if (!demand || demand.arrivals === undefined || demand.peak === undefined) return undefined;
  const ratio = demand.peak / Math.max(1, demand.arrivals);
  if (ratio < THRESHOLDS.spike.value) return undefined;
  return supports(THRESHOLDS.spike, {
    signal: 'kernel.Tcp.PassiveOpens',
    reading: ratio,
    value: `${rate(demand.peak)} connections a second at the peak, ${rate(demand.arrivals)} now`,
  });
}

function databaseRow({ history, since }: ResolverQueue): WeightedEvidence | undefined {
  const sample = database(readSince(history, since));
  if (!sample)
    return missing('postgres.selectOne', 'no database was asked since', 'whether the database is innocent');
  return weigh(isInnocent(sample), THRESHOLDS.innocentDatabase, {
    signal: 'postgres.selectOne',
    reading: sample.selectOneMs ?? undefined,
    value: `${databaseText(sample)}, asked by address`,
  });
}

function resolverProcess({ history, view }: ResolverQueue): WeightedEvidence | undefined {
  const service = resolverService(history, view);
  const runs = service && !answersNobody(service);
  const why = `no process seen behind ${view.resolver}`;
  return serviceRow(service, THRESHOLDS.resolverRuns, runs, why, 'that the resolver runs');
}
