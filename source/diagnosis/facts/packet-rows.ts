import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { gather, type Measured, missing, supports, type WeightedEvidence, weigh } from '../evidence.js';
import type { Threshold } from '../threshold.js';
import { neededOf, peersOf } from './connections.js';
import type { Resending } from './inside.js';
import { LOSS_BY_COUNTERS, type LossyEnd } from './lossy-ends.js';
import { type LossyLink, lossText } from './lossy-links.js';
import { whoText } from './services.js';
import { ONE_DELAY, type SlowEnd } from './slow-ends.js';
import { LATE_LINKS, ms, roundTripText, type SlowLinkEnd, type TimedLink } from './slow-links.js';
import { newest } from './values.js';

/**
 * Rows of evidence of packets that are late or lost: on connections that are tried, and on those that others have. Each
 * mode weighs them by thresholds of its own.
 */

type Bound = Threshold & { readonly value: number };
type Windowed = Threshold & { readonly windowMs: number };

/** What the second and the third of several links that show the same add to the score. */
const BESIDE = 0.05;

/** How a delay is weighed. */
interface DelayBounds extends NoLossBounds {
  readonly slowConnect: Bound;
  readonly spread: Bound;
  readonly quickElsewhere: Bound;
  readonly throttled: Bound & Windowed;
}

/** What speaks for a delay by connections that are tried, and against it. */
export const slowEndRows = (history: History, end: SlowEnd, against: DelayBounds): WeightedEvidence[] =>
  gather(
    connectTimeRow(history, end, against.slowConnect),
    evenRow(end, against.spread),
    elsewhereRow('matrix.ms', end.name, end.others, against.quickElsewhere),
    noLossRow(end, against),
    quotaRow(history, end.name, against.throttled),
  );

/** How a delay is weighed that shows in the connections of others. */
interface LinkDelayBounds {
  readonly nearRoundTrip: Threshold;
  readonly nearQueue: Threshold;
  readonly quickElsewhere: Bound;
  readonly retransmitted: Bound;
}

/** What speaks for a delay by the round trips of others' connections, and against it. */
export const slowLinkRows = (end: SlowLinkEnd, against: LinkDelayBounds): WeightedEvidence[] =>
  gather(
    ...roundTripRows(end.links, against),
    elsewhereRow('edge.minRtt', end.name, end.wellElsewhere, against.quickElsewhere),
    noLossOnLinkRow(end, against.retransmitted),
  );

/** What a container's own kernel sent again. */
const resent = (one: Resending, { windowMs }: Windowed): Measured => ({
  signal: `kernel.retransPercent{${one.name}}`,
  reading: one.percent,
  value: `${one.percent.toFixed(1)} % of ${Math.round(one.sent)} segments sent again in ${windowMs / 1000} s`,
});

/** How loss around an end is weighed. */
interface LossyEndBounds {
  readonly retransmitted: Windowed & { readonly weight: number };
  /** The same of the second and third who send again: it adds little. */
  readonly retransmittedBeside: Threshold & { readonly weight: number };
  readonly lateConnect: Bound;
  readonly connectsAtAll: Threshold;
  readonly listenOverflows: Bound;
}

/**
 * What speaks for loss around an end, and against it: what is sent again, by the first three who do (of few segments it
 * weighs half), and what becomes of connections that are tried.
 */
export const lossyEndRows = (end: LossyEnd, against: LossyEndBounds): WeightedEvidence[] =>
  gather(
    ...end.resenders.slice(0, 3).map((one, i) => {
      const bound = i === 0 ? against.retransmitted : against.retransmittedBeside;
      const few = one.sent < LOSS_BY_COUNTERS.leastSegments.value;
      const weight = few ? bound.weight / 2 : bound.weight;
      return supports(bound, { ...resent(one, against.retransmitted), weight });
    }),
    firstPacketsRow(end, against.lateConnect),
    throughRow(end, against.connectsAtAll),
    overflowsRow(end, against.listenOverflows),
  );

/** From where what is sent again says little against a loss, and from where it is one (percent). */
interface NoLossBounds {
  readonly retransmitted: Bound & Windowed;
  readonly retransmittedSome: Threshold;
  readonly lossFrom: { readonly value: number };
}

/** That a slow end and its neighbours lose nothing, by the worst of them, or that they do. */
function noLossRow({ resent: worst }: SlowEnd, against: NoLossBounds): WeightedEvidence {
  const { retransmitted, retransmittedSome, lossFrom } = against;
  if (!worst)
    return missing(
      'kernel.retransPercent',
      'counters of the containers were not read',
      'segments sent again',
    );
  const isLost = worst.percent > lossFrom.value;
  const some = !isLost && worst.percent > retransmitted.value;
  return weigh(!isLost, some ? retransmittedSome : retransmitted, resent(worst, retransmitted));
}

/** The same of slow links, by the data of the one they are seen on most. */
const noLossOnLinkRow = (
  { links: [first], resentPercent: percent }: SlowLinkEnd,
  against: Bound,
): WeightedEvidence =>
  weigh(percent <= against.value, against, {
    signal: `edge.resent${first.timed.label}`,
    reading: percent,
    value: `${percent.toFixed(1)} % of data segments sent again`,
  });

/** How long a connection with a slow end takes, against what it took. */
function connectTimeRow(history: History, end: SlowEnd, against: Bound): WeightedEvidence {
  const { timesItsBest } = ONE_DELAY;
  const { name, now, usual, connections } = end;
  const cell = neededOf(connections)[0]?.cell;
  const who = whoText(history, peersOf(connections, name));
  return supports(against, {
    signal: cell ? `matrix.ms{${cell.source}→${cell.target}}` : 'matrix.ms',
    reading: now,
    value: `${who} ↔ ${name}: a connection takes ${duration(now)}, it took ${duration(usual)}`,
    threshold: `${duration(Math.max(against.value, timesItsBest.value * usual))}, ${timesItsBest.value} × its best`,
  });
}

/** That all connections with a slow end are as slow; undefined where there is one, or they are not. */
function evenRow({ connections, spread, sure }: SlowEnd, against: Bound): WeightedEvidence | undefined {
  if (connections.length < 2 || !sure) return undefined;
  return supports(against, {
    signal: 'matrix.ms',
    reading: spread,
    value: `${plural(connections.length, 'connection')} lie within ${duration(spread)} of each other`,
    threshold: `${duration(against.value)}, or ${100 * ONE_DELAY.spreadShare.value} % of it`,
  });
}

/** How long connections take that a slow end has no part in; undefined where there are none. */
function elsewhereRow(
  signal: string,
  name: string,
  others: { readonly count: number; readonly ms: number },
  against: Bound,
): WeightedEvidence | undefined {
  if (others.count === 0) return undefined;
  const value = `${plural(others.count, 'other connection')} without ${name}: ${ms(others.ms)}`;
  return weigh(others.ms <= against.value, against, { signal, reading: others.ms, value });
}

/** That no CPU quota holds a container back, or that one does; undefined where that was not read. */
function quotaRow(history: History, name: string, against: Bound & Windowed): WeightedEvidence | undefined {
  const signal = `service.throttled{${name}}`;
  const share = newest(history, signal, against.windowMs);
  if (share === undefined) return undefined;
  const row = { signal, reading: share, value: `${Math.round(share)} % of periods` };
  return weigh(share < against.value, against, row);
}

/** The round trips of the first three of an end's links, by `queued` where a queue is what is late. */
const roundTripRows = (
  links: readonly TimedLink[],
  against: Pick<LinkDelayBounds, 'nearRoundTrip' | 'nearQueue'>,
): WeightedEvidence[] =>
  links.slice(0, 3).map((link, i) =>
    supports(link.queued ? against.nearQueue : against.nearRoundTrip, {
      signal: `edge.${link.queued ? 'rtt' : 'minRtt'}${link.timed.label}`,
      reading: link.nowMs,
      value: roundTripText(link),
      ...(link.near
        ? {}
        : { threshold: `${LATE_LINKS.timesOwnBest.value} × its best, ${ms(link.bestMs ?? 0)}` }),
      ...(i === 0 ? {} : { weight: BESIDE }),
    }),
  );

/** What the first three of an end's links lose, the worst of them weighed by `bound`. */
export const lossOnLinkRows = (
  links: readonly LossyLink[],
  bound: Threshold,
  { lostOnEdge, lostBesideOnEdge }: { readonly lostOnEdge: Windowed; readonly lostBesideOnEdge: Threshold },
): WeightedEvidence[] =>
  links.slice(0, 3).map((link, i) =>
    supports(i === 0 ? bound : lostBesideOnEdge, {
      signal: `edge.${link.gaps ? 'outOfOrder' : 'resent'}${link.worst.label}`,
      reading: link.percent,
      value: `${lossText(link)} in ${lostOnEdge.windowMs / 1000} s`,
    }),
  );

/** How many attempts lost their first packet, as the kernel's second try shows; undefined where none did. */
function firstPacketsRow({ attempts, name }: LossyEnd, against: Bound): WeightedEvidence | undefined {
  const { made, hurt, least, slowest } = attempts;
  if (made === 0) return missing('matrix.ms', 'no connection was tried', 'how long connections take');
  if (hurt === 0) return undefined;
  const quick = least === undefined ? 'none' : duration(least);
  const slow =
    slowest !== undefined && slowest >= against.value ? `, others ${duration(slowest)}` : ', others never';
  return supports(against, {
    signal: 'matrix.ms',
    reading: slowest,
    value: `${hurt} of ${made} connections with ${name} lost their first packet: some take ${quick}${slow}`,
    threshold: duration(against.value),
  });
}

/** That connections come about at all; undefined where none was tried. */
function throughRow({ attempts, name }: LossyEnd, against: Threshold): WeightedEvidence | undefined {
  const { made, connected } = attempts;
  if (made === 0) return undefined;
  return weigh(connected > 0, against, {
    signal: 'matrix.ok',
    reading: connected,
    value: `${connected} of ${made} connections with ${name} come about`,
  });
}

/** That no full listener drops connections; undefined where that was not read. */
function overflowsRow({ overflows }: LossyEnd, against: Bound): WeightedEvidence | undefined {
  if (overflows === undefined) return undefined;
  return weigh(overflows < against.value, against, {
    signal: 'kernel.TcpExt.ListenOverflows',
    reading: overflows,
    value: `${Math.round(overflows)} dropped by full listeners`,
  });
}
