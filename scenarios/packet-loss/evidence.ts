import { gather, missing, supports, type WeightedEvidence, weigh } from '../../source/diagnosis/evidence.js';
import { type LossyEnd, overflowsOf } from '../../source/diagnosis/facts/lossy-ends.js';
import { slowTargetRow } from '../../source/diagnosis/facts/rows.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** What speaks for and against lost packets, each with its figure. */
export const evidenceOf = (history: History, end: LossyEnd): WeightedEvidence[] =>
  gather(
    ...end.resenders.slice(0, 3).map(resent),
    firstPackets(end),
    through(end),
    overflows(history, end),
    slowTargetRow(history, end.since, THRESHOLDS.slowTarget),
  );

function resent(one: LossyEnd['resenders'][number], place: number): WeightedEvidence {
  const against = place === 0 ? THRESHOLDS.retransmitted : THRESHOLDS.retransmittedBeside;
  const enough = one.sent >= THRESHOLDS.leastSegments.value;
  const seconds = THRESHOLDS.retransmitted.windowMs / 1000;
  return supports(against, {
    signal: `kernel.retransPercent{${one.name}}`,
    reading: one.percent,
    value: `${one.percent.toFixed(1)} % of ${Math.round(one.sent)} segments sent again in ${seconds} s`,
    weight: enough ? against.weight : against.weight / 2,
  });
}

function firstPackets({ attempts, name }: LossyEnd): WeightedEvidence | undefined {
  const { made, hurt, least, slowest } = attempts;
  if (made === 0) return missing('matrix.ms', 'no connection was tried', 'how long connections take');
  const late = THRESHOLDS.lateConnect;
  if (hurt === 0) return undefined;
  const quick = least === undefined ? 'none' : duration(least);
  const slow =
    slowest !== undefined && slowest >= late.value ? `, others ${duration(slowest)}` : ', others never';
  return supports(late, {
    signal: 'matrix.ms',
    reading: slowest,
    value: `${hurt} of ${made} connections with ${name} lost their first packet: some take ${quick}${slow}`,
    threshold: duration(late.value),
  });
}

function through({ attempts, name }: LossyEnd): WeightedEvidence | undefined {
  const { made, connected } = attempts;
  if (made === 0) return undefined;
  return weigh(connected > 0, THRESHOLDS.connectsAtAll, {
    signal: 'matrix.ok',
    reading: connected,
    value: `${connected} of ${made} connections with ${name} come about`,
  });
}

function overflows(history: History, end: LossyEnd): WeightedEvidence | undefined {
  const count = overflowsOf(history, end, THRESHOLDS.retransmitted.windowMs);
  if (count === undefined) return undefined;
  return weigh(count < THRESHOLDS.listenOverflows.value, THRESHOLDS.listenOverflows, {
    signal: 'kernel.TcpExt.ListenOverflows',
    reading: count,
    value: `${Math.round(count)} dropped by full listeners`,
  });
}
