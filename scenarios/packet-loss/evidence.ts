import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/evidence.js';
import { slowTargetRow } from '../../source/diagnosis/facts/common-rows.js';
import { total } from '../../source/diagnosis/facts/inside.js';
import { duration } from '../../source/diagnosis/facts/text.js';
import type { History } from '../../source/store/history.js';
import type { LossyEnd } from './lossy-end.js';
import { THRESHOLDS } from './thresholds.js';

const SLOW_TARGET =
  'Network Failure Scenarios document: intermittent failures, and three times what is usual';

/** What speaks for and against lost packets, each with its figure. */
export const evidenceOf = (history: History, end: LossyEnd): WeightedEvidence[] =>
  gather(
    ...end.resenders.slice(0, 3).map((one, i) => resent(one, i === 0 ? 0.2 : 0.05)),
    quantised(end),
    through(end),
    overflows(history, end),
    slowTargetRow(history, end.since, 0.03, SLOW_TARGET),
  );

function resent(one: LossyEnd['resenders'][number], weight: number): WeightedEvidence {
  const { raise, critical, source } = THRESHOLDS.resent;
  const value = `${one.percent.toFixed(1)} % of ${Math.round(one.sent)} segments sent again in ${THRESHOLDS.windowMs / 1000} s`;
  const row = {
    signal: `kernel.retransPercent{${one.name}}`,
    value,
    threshold: `${raise} %, ${critical} % is critical`,
    source,
  };
  return supports(one.sent >= THRESHOLDS.segments.value ? weight : weight / 2, row);
}

function quantised({ attempts, name }: LossyEnd): WeightedEvidence | undefined {
  const { made, hurt, least, slowest } = attempts;
  if (made === 0) return missing('matrix.ms', 'no connection was tried', 'how long connections take');
  const { fromMs, source } = THRESHOLDS.quantum;
  if (hurt === 0) return undefined;
  const quick = least === undefined ? 'none' : duration(least);
  const slow =
    slowest !== undefined && slowest >= fromMs ? `, others ${duration(slowest)}` : ', others never';
  const value = `${hurt} of ${made} connections with ${name} lost their first packet: some take ${quick}${slow}`;
  return supports(0.15, { signal: 'matrix.ms', value, threshold: duration(fromMs), source });
}

function through({ attempts, name }: LossyEnd): WeightedEvidence | undefined {
  const { made, connected } = attempts;
  if (made === 0) return undefined;
  const row = {
    signal: 'matrix.ok',
    value: `${connected} of ${made} connections with ${name} come about`,
    threshold: 'some, not none',
    source: 'our choice: what drops everything is a partition',
  };
  return connected > 0 ? supports(0.05, row) : refutes(0.3, row);
}

/** Connections that a full listener dropped, on the containers that take part; undefined when not read. */
export function overflowsOf(history: History, { name, resenders, ways }: LossyEnd): number | undefined {
  const names = new Set([name, ...resenders.map((one) => one.name), ...ways.map(({ target }) => target)]);
  const counts = [...names].flatMap(
    (one) => total(history, `kernel.TcpExt.ListenOverflows{${one}}`, THRESHOLDS.windowMs) ?? [],
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

function overflows(history: History, end: LossyEnd): WeightedEvidence | undefined {
  const count = overflowsOf(history, end);
  if (count === undefined) return undefined;
  const row = {
    signal: 'kernel.TcpExt.ListenOverflows',
    value: `${Math.round(count)} dropped by full listeners`,
    threshold: '0',
    source: THRESHOLDS.overflows,
  };
  return count < 1 ? supports(0.05, row) : refutes(0.15, row);
}
