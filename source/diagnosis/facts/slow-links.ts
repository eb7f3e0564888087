import { edgeSignals } from '../../probes/edges/series.js';
import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { gather } from '../evidence.js';
import type { Thresholds } from '../threshold.js';
import { isLocal } from './addresses.js';
import { flowOf, type NamedEdge } from './edges.js';
import { endText, hasEnd, type Link, links, type SickEnd, sickEnds } from './links.js';
import { serviceOf } from './services.js';
import { median } from './slowness.js';
import { earliest, known } from './values.js';

/** From when the round trip of a link is too long. */
export interface LinkDelayBounds {
  /** Least round trip (ms) of two on one machine or wire: no more, from the first look. */
  readonly nearRoundTrip: { readonly raise: number; readonly clear: number };
  /** Round trip (ms) of two such whose least one is short: a queue on the way. */
  readonly nearQueue: { readonly value: number };
  /** What is sent again is counted over so long. */
  readonly retransmitted: { readonly windowMs: number };
}

/** When the round trip of two that are apart is too long, and in how many looks in a row. */
export const LATE_LINKS = {
  timesOwnBest: { unit: 'times', value: 5, source: 'our choice: five times its own best' },
  moreThanBest: { unit: 'ms', value: 50, source: 'our choice: less is what a longer route does' },
  slowLooks: {
    unit: 'looks',
    value: 2,
    windowMs: 25_000,
    source: 'our choice: one look may be our own pause',
  },
} as const satisfies Thresholds;

/** A link with its round trip. */
export interface TimedLink extends Link {
  /** The edge that was timed. */
  readonly timed: NamedEdge;
  /** Milliseconds there and back now, and as it should be: its own best, or null where it was never better. */
  readonly nowMs: number;
  readonly bestMs: number | null;
  /** Both are on one machine or wire: what is between them is no distance. */
  readonly near: boolean;
  /** The wire is quick and what waits in a queue is late. */
  readonly queued: boolean;
  readonly since: number | null;
}

export interface SlowLinkEnd extends SickEnd<TimedLink> {
  /** The middle of its round trips, and of those that do not touch it, where there are any. */
  readonly nowMs: number;
  readonly bestMs: number | null;
  readonly wellElsewhere: { readonly count: number; readonly ms: number };
  /** What was sent again lately on the link it is seen on most, in percent; 0 where too little was sent to tell. */
  readonly resentPercent: number;
}

/** How far back a link's own best is looked for (ms): what a ring of 600 points surely holds. */
const BEST_MS = 1_200_000;

/** The ends whose round trips are too long, by what the kernel measures on each connection. Empty where none is, or nothing was read. */
export function slowLinkEnds(history: History, bounds: LinkDelayBounds): SlowLinkEnd[] {
  const all = links(history).flatMap((link) => timed(history, link, bounds) ?? []);
  const slow = all.filter((link) => isSlow(link.nowMs, link, bounds) || link.queued);
  const well = all.filter((link) => !slow.includes(link));
  return sickEnds(history, slow, well).map((end) => {
    const elsewhere = well.filter((link) => !hasEnd(link, end.name)).map(({ nowMs }) => nowMs);
    const best = end.links.flatMap(({ bestMs }) => bestMs ?? []);
    return {
      ...end,
      nowMs: median(end.links.map(({ nowMs }) => nowMs)),
      bestMs: best.length === 0 ? null : median(best),
      resentPercent: resentPercent(history, end.links[0], bounds.retransmitted.windowMs),
      wellElsewhere: { count: elsewhere.length, ms: elsewhere.length === 0 ? 0 : median(elsewhere) },
    };
  });
}

/** Undefined where no round trip of it was measured often enough. */
function timed(history: History, link: Link, bounds: LinkDelayBounds): TimedLink | undefined {
  const { slowLooks } = LATE_LINKS;
  const looks = link.edges
    .map((edge) => {
      const lately = known(history, edgeSignals(edge.label).minRtt, slowLooks.windowMs);
      return { edge, last: lately.slice(-slowLooks.value) };
    })
    .filter(({ last }) => last.length === slowLooks.value);
  // Of two views of one way the quicker: what one of them sees slow may be its own.
  const least = looks
    .map((one) => ({ ...one, ms: Math.min(...one.last.map(({ value }) => value)) }))
    .sort((a, b) => a.ms - b.ms)[0];
  if (!least) return undefined;
  const { edge, last, ms } = least;
  const near = link.edges.some((one) => isNear(history, one));
  const rtts = known(history, edgeSignals(edge.label).rtt, slowLooks.windowMs).slice(-slowLooks.value);
  const rtt = Math.min(...rtts.map(({ value }) => value));
  const queued = near && rtts.length === slowLooks.value && rtt >= bounds.nearQueue.value;
  // What is near and quick needs no past to be judged by, and is what most links are.
  const isQuick = near && !queued && ms < bounds.nearRoundTrip.raise;
  const points = isQuick ? last : known(history, edgeSignals(edge.label).minRtt, BEST_MS);
  const before = points.slice(0, -last.length).map(({ value }) => value);
  const bestMs = before.length === 0 ? null : Math.min(...before);
  const found = {
    ...link,
    timed: edge,
    near,
    bestMs,
    nowMs: queued ? rtt : ms,
    queued: queued && ms < rtt / 2,
  };
  const onset = points.findLastIndex(({ value }) => !isSlow(value, found, bounds));
  return { ...found, since: earliest(points[onset + 1]?.at, last[0]?.at) };
}

function isSlow(
  ms: number,
  { near, bestMs }: Pick<TimedLink, 'near' | 'bestMs'>,
  bounds: LinkDelayBounds,
): boolean {
  const { timesOwnBest, moreThanBest } = LATE_LINKS;
  if (near) return ms >= bounds.nearRoundTrip.raise;
  return bestMs !== null && ms >= bestMs * timesOwnBest.value && ms >= bestMs + moreThanBest.value;
}

/** Whether both ends are on one machine or wire: a loopback, a container of this engine, a neighbour. */
function isNear(history: History, edge: NamedEdge): boolean {
  if (edge.near || isLocal(`${edge.peer}:${edge.port}`)) return true;
  return edge.peerName !== null && serviceOf(history, edge.peerName)?.container !== undefined;
}

const resentPercent = (history: History, { edges }: Link, ms: number): number =>
  Math.max(...edges.map((edge) => flowOf(history, edge, ms).percent ?? 0));

/** A round trip (ms) for a person: below 0.1 ms is 0.1 ms. */
export const ms = (value: number): string => duration(Math.max(0.1, value));

/** How long a link takes there and back, and whether a queue on the way does it. */
export function roundTripText(link: TimedLink): string {
  const { nowMs, queued, timed } = link;
  const ends = `${endText(link, link.client)} ↔ ${endText(link, link.server)}`;
  return queued && timed.minRttMs !== null
    ? `${ends}: there and back in ${ms(nowMs)} under load, ${ms(timed.minRttMs)} at best: a queue on the way`
    : `${ends}: there and back in ${ms(nowMs)} at best`;
}

/** How long it takes there and back, and what that is measured against: what is usual, or that there is no distance. */
export function delayText(end: SlowLinkEnd, { nearRoundTrip }: LinkDelayBounds): string {
  const { nowMs, bestMs, links: its } = end;
  const usual =
    bestMs !== null && bestMs < nearRoundTrip.clear
      ? `usually ${ms(bestMs)}`
      : its.some(({ near }) => near)
        ? 'both ends are on one machine or wire'
        : `it took ${ms(bestMs ?? 0)}`;
  return `${ms(nowMs)} (${usual})`;
}

/** Its links there and back, and that others are quick, in words. */
export const slowLinkLines = ({ name, links: its, wellElsewhere }: SlowLinkEnd): string[] =>
  gather(
    ...its.slice(0, 3).map(roundTripText),
    wellElsewhere.count > 0 && `what does not touch ${name} is there and back in ${ms(wellElsewhere.ms)}`,
  );
