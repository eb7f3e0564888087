import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
  weigh,
} from '../../source/diagnosis/evidence.js';
import { type Connection, neededOf, peersOf } from '../../source/diagnosis/facts/connections.js';
import { slowTargetRow } from '../../source/diagnosis/facts/rows.js';
import { whoText } from '../../source/diagnosis/facts/services.js';
import { type SlowEnd, worstResending } from '../../source/diagnosis/facts/slow-ends.js';
import { newest } from '../../source/diagnosis/facts/values.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** What speaks for and against a delay on a container's connections, each with its figure. */
export const evidenceOf = (history: History, end: SlowEnd): WeightedEvidence[] =>
  gather(
    connect(history, end),
    evenness(end),
    elsewhere(end),
    resent(history, end),
    throttled(history, end),
    slowTargetRow(history, end.since, THRESHOLDS.slowTarget),
  );

const signalOf = (one: Connection | undefined): string =>
  one ? `matrix.ms{${one.cell.source}→${one.cell.target}}` : 'matrix.ms';

function connect(history: History, end: SlowEnd): WeightedEvidence {
  const { slowConnect, timesItsBest } = THRESHOLDS;
  const from = whoText(history, peersOf(end.connections, end.name));
  const limit = Math.max(slowConnect.value, timesItsBest.value * end.usual);
  return supports(slowConnect, {
    signal: signalOf(neededOf(end.connections)[0]),
    reading: end.now,
    value: `${from} ↔ ${end.name}: a connection takes ${duration(end.now)}, it took ${duration(end.usual)}`,
    threshold: `${duration(limit)}, ${timesItsBest.value} × its best`,
  });
}

function evenness({ connections, spread, sure }: SlowEnd): WeightedEvidence | undefined {
  if (connections.length < 2 || !sure) return undefined;
  return supports(THRESHOLDS.spread, {
    signal: 'matrix.ms',
    reading: spread,
    value: `${plural(connections.length, 'connection')} lie within ${duration(spread)} of each other`,
    threshold: `${duration(THRESHOLDS.spread.value)}, or ${100 * THRESHOLDS.spreadShare.value} % of it`,
  });
}

function elsewhere({ others, name }: SlowEnd): WeightedEvidence | undefined {
  if (others.count === 0) return undefined;
  const against = THRESHOLDS.quickElsewhere;
  return weigh(others.ms <= against.value, against, {
    signal: 'matrix.ms',
    reading: others.ms,
    value: `${plural(others.count, 'other connection')} without ${name}: ${duration(others.ms)}`,
  });
}

function resent(history: History, end: SlowEnd): WeightedEvidence {
  const worst = worstResending(history, end, THRESHOLDS.retransmitted.windowMs);
  const { retransmitted, retransmittedSome, lossFrom } = THRESHOLDS;
  if (!worst)
    return missing(
      'kernel.retransPercent',
      'counters of the containers were not read',
      'segments sent again',
    );
  const row = {
    signal: `kernel.retransPercent{${worst.name}}`,
    reading: worst.percent,
    value: `${worst.percent.toFixed(1)} % of ${Math.round(worst.sent)} segments sent again`,
  };
  if (worst.percent > lossFrom.value) return refutes(retransmitted, row);
  return supports(worst.percent <= retransmitted.value ? retransmitted : retransmittedSome, row);
}

function throttled(history: History, { name }: SlowEnd): WeightedEvidence | undefined {
  const against = THRESHOLDS.throttled;
  const signal = `service.throttled{${name}}`;
  const share = newest(history, signal, against.windowMs);
  if (share === undefined) return undefined;
  const row = { signal, reading: share, value: `${Math.round(share)} % of periods` };
  return weigh(share < against.value, against, row);
}
