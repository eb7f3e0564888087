import { slowTargetRow } from '../../source/diagnosis/facts/common-rows.js';
import { type Resending, resending } from '../../source/diagnosis/facts/inside.js';
import { whoText } from '../../source/diagnosis/facts/services.js';
import { newest } from '../../source/diagnosis/facts/values.js';
import { neededOf, peersOf, type Way } from '../../source/diagnosis/facts/ways.js';
import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/old-evidence.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import type { SlowEnd } from './slow-end.js';
import { THRESHOLDS } from './thresholds.js';

const SLOW_TARGET = 'Network Failure Scenarios document: HighNetworkLatency, and three times what is usual';

/** What speaks for and against a delay on a container's ways, each with its figure. */
export const evidenceOf = (history: History, end: SlowEnd): WeightedEvidence[] =>
  gather(
    connect(history, end),
    evenness(end),
    elsewhere(end),
    resent(history, end),
    throttled(history, end),
    slowTargetRow(history, end.since, 0.05, SLOW_TARGET),
  );

const nameOf = (way: Way | undefined): string =>
  way ? `matrix.ms{${way.cell.source}→${way.cell.target}}` : 'matrix.ms';

function connect(history: History, end: SlowEnd): WeightedEvidence {
  const { floorMs, times, source } = THRESHOLDS.connect;
  const from = whoText(history, peersOf(end.ways, end.name));
  const value = `${from} ↔ ${end.name}: a connection takes ${duration(end.now)}, it took ${duration(end.usual)}`;
  const threshold = `${duration(Math.max(floorMs, times * end.usual))}, ${times} × its best`;
  return supports(0.2, { signal: nameOf(neededOf(end.ways)[0]), value, threshold, source });
}

function evenness(end: SlowEnd): WeightedEvidence | undefined {
  if (end.ways.length < 2) return undefined;
  const value = `${plural(end.ways.length, 'connection')} lie within ${duration(end.spread)} of each other`;
  const { floorMs, source } = THRESHOLDS.spread;
  const row = {
    signal: 'matrix.ms',
    value,
    threshold: `${duration(floorMs)}, or ${100 * THRESHOLDS.spread.share} % of it`,
    source,
  };
  return end.sure ? supports(0.1, row) : undefined;
}

function elsewhere({ others, name }: SlowEnd): WeightedEvidence | undefined {
  if (others.count === 0) return undefined;
  const value = `${plural(others.count, 'other connection')} without ${name}: ${duration(others.ms)}`;
  const row = {
    signal: 'matrix.ms',
    value,
    threshold: duration(THRESHOLDS.connect.floorMs),
    source: THRESHOLDS.connect.source,
  };
  return others.ms <= THRESHOLDS.connect.floorMs ? supports(0.1, row) : refutes(0.1, row);
}

/** What the slow container and its neighbours send again: the worst of them, or undefined when nothing was read. */
export function worstResending(history: History, end: SlowEnd): Resending | undefined {
  const names = [end.name, ...end.ways.flatMap(({ source, target }) => [source, target])];
  return [...new Set(names)]
    .flatMap((name) => resending(history, name, THRESHOLDS.resent.windowMs) ?? [])
    .sort((a, b) => b.percent - a.percent)[0];
}

function resent(history: History, end: SlowEnd): WeightedEvidence {
  const worst = worstResending(history, end);
  const { clear, much, source } = THRESHOLDS.resent;
  if (!worst)
    return missing(
      'kernel.retransPercent',
      'counters of the containers were not read',
      'segments sent again',
    );
  const value = `${worst.percent.toFixed(1)} % of ${Math.round(worst.sent)} segments sent again`;
  const row = { signal: `kernel.retransPercent{${worst.name}}`, value, threshold: `${clear} %`, source };
  if (worst.percent > much) return refutes(0.2, row);
  return supports(worst.percent <= clear ? 0.1 : 0.02, row);
}

function throttled(history: History, { name }: SlowEnd): WeightedEvidence | undefined {
  const share = newest(history, `service.throttled{${name}}`, 15_000);
  if (share === undefined) return undefined;
  const row = {
    signal: `service.throttled{${name}}`,
    value: `${Math.round(share)} % of periods`,
    threshold: '25 %',
    source: THRESHOLDS.throttled,
  };
  return share < 25 ? supports(0.05, row) : refutes(0.1, row);
}
