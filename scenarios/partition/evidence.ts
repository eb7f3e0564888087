import { gather, missing, supports, type WeightedEvidence, weigh } from '../../source/diagnosis/evidence.js';
import type { Cut } from '../../source/diagnosis/facts/cuts.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { lookupOf, reachedBy } from '../../source/diagnosis/facts/meanwhile.js';
import { isNoWay } from '../../source/diagnosis/facts/no-way.js';
import { readSince } from '../../source/diagnosis/facts/read-since.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { answersNobody, processText, serviceOf, whoText } from '../../source/diagnosis/facts/services.js';
import type { Unplugged } from '../../source/diagnosis/facts/unplugged.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** What speaks for and against a cut between containers, each with its figure. */
export const evidenceOf = (history: History, cut: Cut, radius: readonly string[]): WeightedEvidence[] =>
  gather(
    unanswered(history, cut),
    reached(history, cut),
    waiting(cut),
    heard(cut),
    ...cut.targets.slice(0, 2).map((name) => running(history, name)),
    lookup(history, cut),
    failingRow(failingAt(history, radius).targets, THRESHOLDS.failingTarget),
  );

function unanswered(history: History, { connections, sources, targets }: Cut): WeightedEvidence {
  const [first] = connections;
  const ms = Math.max(...connections.map(({ cell }) => cell.ms ?? 0));
  const runs = Math.max(...connections.map(({ failed }) => failed));
  const against = connections.every(isNoWay) ? THRESHOLDS.noWay : THRESHOLDS.unanswered;
  return supports(against, {
    signal: first ? `matrix.ok{${first.cell.source}→${first.cell.target}}` : 'matrix.ok',
    reading: ms,
    value: `${whoText(history, sources)} → ${whoText(history, targets)}: ${first?.cell.errno ?? 'no answer'} after ${duration(ms)}, ${plural(connections.length, 'connection')}, ${plural(runs, 'run')} in a row`,
  });
}

function reached(history: History, { targets, sources, since }: Cut): WeightedEvidence {
  const value = reachedBy(readSince(history, since), targets, sources);
  if (!value) return missing('matrix.ok', 'nobody else tries to reach it', 'who else does');
  return supports(THRESHOLDS.reachedByOthers, { signal: 'matrix.ok', value });
}

function waiting({ waiting: count, sources }: Cut): WeightedEvidence | undefined {
  if (count === 0) return undefined;
  return supports(THRESHOLDS.waiting, {
    signal: `sockets.SYN-SENT{${sources[0]}}`,
    reading: count,
    value: `${plural(count, 'connection')} of its own ${count === 1 ? 'waits' : 'wait'} for an answer`,
  });
}

function heard({ heard: count, targets }: Cut): WeightedEvidence | undefined {
  if (count === 0) return undefined;
  return supports(THRESHOLDS.halfOpen, {
    signal: `sockets.SYN-RECV{${targets[0]}}`,
    reading: count,
    value: `${plural(count, 'half-open connection')} from there: it answers, and the answer gets lost`,
  });
}

function running(history: History, name: string): WeightedEvidence {
  const service = serviceOf(history, name);
  const signal = `service.up{${name}}`;
  if (!service) return missing(signal, 'it is not watched', 'that it runs');
  return weigh(!answersNobody(service), THRESHOLDS.running, { signal, value: processText(service) });
}

function lookup(history: History, { sources, since }: Cut): WeightedEvidence | undefined {
  const value = lookupOf(readSince(history, since), sources);
  return value === undefined ? undefined : supports(THRESHOLDS.namesResolve, { signal: 'dns.ok', value });
}

/** What says that a container was taken off a network while it runs. */
export const unpluggedEvidence = (
  history: History,
  off: Unplugged,
  radius: readonly string[],
): WeightedEvidence[] => {
  const { service, network, at, left } = off;
  const still = left.length > 0 ? `still on ${left.slice(0, 3).join(', ')}` : 'on no network now';
  const ms = Math.max(0, history.now - at);
  return gather(
    supports(THRESHOLDS.disconnected, {
      signal: 'events.disconnect',
      reading: ms,
      value: `${duration(ms)} ago, ${still}`,
      threshold: `network ${network}`,
      at,
    }),
    supports(THRESHOLDS.runningOffNetwork, {
      signal: `service.up{${service.name}}`,
      value: processText(service),
    }),
    failingRow(failingAt(history, radius).targets, THRESHOLDS.failingTargetOffNetwork),
  );
};
