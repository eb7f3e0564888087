import { failingRow } from '../../source/diagnosis/facts/common-rows.js';
import { isFrozen, isGone, processText, serviceOf, whoText } from '../../source/diagnosis/facts/services.js';
import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/old-evidence.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { type Cut, lookupOf, reachedBy } from './cut.js';
import { THRESHOLDS } from './thresholds.js';

/** What speaks for and against a cut between containers, each with its figure. */
export const evidenceOf = (history: History, cut: Cut): WeightedEvidence[] =>
  gather(
    unanswered(history, cut),
    control(history, cut),
    waiting(cut),
    heard(cut),
    ...cut.targets.slice(0, 2).map((name) => process(history, name)),
    lookup(history, cut),
    failingRow(history, 0.04, 'Network Failure Scenarios document: services cannot communicate', ' fail:'),
  );

function unanswered(history: History, { ways, sources, targets }: Cut): WeightedEvidence {
  const first = ways[0];
  const ms = Math.max(...ways.map(({ cell }) => cell.ms ?? 0));
  const runs = Math.max(...ways.map(({ failed }) => failed));
  const value = `${whoText(history, sources)} → ${whoText(history, targets)}: ${first?.cell.errno ?? 'no answer'} after ${duration(ms)}, ${plural(ways.length, 'way')}, ${plural(runs, 'run')} in a row`;
  const signal = first ? `matrix.ok{${first.cell.source}→${first.cell.target}}` : 'matrix.ok';
  return supports(0.2, { signal, value, threshold: 'an answer to the SYN', source: THRESHOLDS.unanswered });
}

function control(history: History, cut: Cut): WeightedEvidence {
  const reached = reachedBy(history, cut);
  if (!reached) return missing('matrix.ok', 'nobody else tries to reach it', 'who else does');
  return supports(0.15, {
    signal: 'matrix.ok',
    value: reached,
    threshold: 'somebody else connects',
    source: THRESHOLDS.control,
  });
}

function waiting({ waiting: count, sources }: Cut): WeightedEvidence | undefined {
  if (count === 0) return undefined;
  const value = `${plural(count, 'connection')} of its own wait for an answer`;
  return supports(0.08, {
    signal: `sockets.SYN-SENT{${sources[0]}}`,
    value,
    threshold: '0',
    source: THRESHOLDS.synSent,
  });
}

function heard({ heard: count, targets }: Cut): WeightedEvidence | undefined {
  if (count === 0) return undefined;
  const value = `${plural(count, 'half-open connection')} from there: it answers, and the answer gets lost`;
  return supports(0.1, {
    signal: `sockets.SYN-RECV{${targets[0]}}`,
    value,
    threshold: '0',
    source: THRESHOLDS.synRecv,
  });
}

function process(history: History, name: string): WeightedEvidence {
  const service = serviceOf(history, name);
  const signal = `service.up{${name}}`;
  if (!service) return missing(signal, 'it is not watched', 'that it runs');
  const row = {
    signal,
    value: processText(service),
    threshold: 'running',
    source: 'the engine, and proc(5)',
  };
  return isGone(service) || isFrozen(service) ? refutes(0.3, row) : supports(0.06, row);
}

function lookup(history: History, { sources }: Cut): WeightedEvidence | undefined {
  const value = lookupOf(history, sources);
  return value === undefined
    ? undefined
    : supports(0.05, { signal: 'dns.ok', value, threshold: 'an address', source: THRESHOLDS.control });
}
