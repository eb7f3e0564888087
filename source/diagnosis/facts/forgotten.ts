import type { ConntrackSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { isLocal } from './addresses.js';
import type { CutClient } from './cut-on-reuse.js';
import { edges, flowOf, type NamedEdge } from './edges.js';
import { insideOf, networksInside, total } from './inside.js';
import { lookOf, throughBefore } from './through.js';
import { fresh, known, sum } from './values.js';

/** Connections that were idle and that nobody between their ends remembers. */

/** From when a connection that nothing comes back on was forgotten. */
export interface EvictionBounds {
  /** Others that got through within this time (ms), before the dead one was tried for the last time. */
  readonly others: { readonly windowMs: number };
  /** Share of new connections that needed a second try: above it the way itself loses packets. */
  readonly late: { readonly value: number };
}

/** A client with connections that were idle, and that are not acknowledged now, while others are. */
export interface Evicted {
  readonly edge: NamedEdge;
  readonly count: number;
  /** The shortest of the silences (ms) before. */
  readonly idleMs: number;
  /** New connections and answers on others meanwhile. */
  readonly through: number;
  readonly since: number;
}

/** Every one of them; where a busy connection is dead as well, it is the way that is. */
export const evicted = (history: History, { others, late }: EvictionBounds): Evicted[] =>
  edges(history).flatMap((edge) => {
    const { stuckIdle, stuckFull, stalled, direction } = edge;
    if (direction !== 'out' || !stuckIdle || isLocal(`${edge.peer}:${edge.port}`)) return [];
    if (stuckIdle.count < (stalled ?? 0) || stuckIdle.count <= (stuckFull?.count ?? 0)) return [];
    if (edge.synSent.retried > 0) return [];
    const { opened, lateOpened } = flowOf(history, edge, others.windowMs);
    const failed = sum(history, `edge.failed${edge.label}`, others.windowMs);
    const through = throughBefore(history, edge, stuckIdle.lastTryMs, others.windowMs);
    if (through === 0 || failed > 0 || lateOpened > late.value * opened) return [];
    const { count, leastIdleMs: idleMs, sinceMs } = stuckIdle;
    return [{ edge, count, idleMs, through, since: lookOf(history, edge) - sinceMs }];
  });

/** From when a reset of a kept connection came from between its ends. */
export interface ResetBounds {
  /** A middle that forgets sooner (ms) is none that anybody runs; servers close so soon. */
  readonly leastIdle: { readonly value: number };
  /** So many resets. */
  readonly reset: { readonly value: number; readonly windowMs: number };
  /** Share of this silence after which no connection may have ended in order: its server knew of it. */
  readonly endedInOrder: { readonly value: number };
  /** Share of them that the server may have sent itself. */
  readonly byServer: { readonly value: number };
}

/** What says that a kept connection was reset by neither of its ends. */
export interface ResetOnTheWay {
  /** Resets that the server's own kernel sent meanwhile; null where it is not read. */
  readonly byServer: number | null;
}

/**
 * Whether what was cut off as it was used again was forgotten on the way: the server sent no reset, and where it is not
 * read, closed none in order after such a silence, which it does with most of those that it closes as idle.
 */
export function resetOnTheWay(
  history: History,
  { edge, byReset, count, idleMs, address }: CutClient,
  bounds: ResetBounds,
): ResetOnTheWay | undefined {
  if (isLocal(address) || byReset < bounds.reset.value || byReset < count) return undefined;
  if (idleMs.least < bounds.leastIdle.value) return undefined;
  const { windowMs } = bounds.reset;
  const ends = known(history, `edge.idleEnd${edge.label}`, windowMs);
  if (ends.some(({ value }) => value >= bounds.endedInOrder.value * idleMs.least)) return undefined;
  if (edge.peerName === null || !insideOf(history, edge.peerName)) return { byServer: null };
  const counter = `kernel.Tcp.OutRsts{${edge.peerName}}`;
  const [first] = known(history, counter, windowMs);
  const sent = total(history, counter, windowMs);
  if (!first || sent === undefined) return undefined;
  // What was cut before the server's counters were read is not compared with them.
  const compared = known(history, `edge.cutByReset${edge.label}`, windowMs)
    .filter(({ at }) => at >= first.at)
    .reduce((all, { value }) => all + value, 0);
  const enough = compared >= bounds.reset.value && sent < bounds.byServer.value * compared;
  return enough ? { byServer: sent } : undefined;
}

/**
 * Whether its server went on meanwhile: one that was cut off had heard of it after the first was, or another connection has,
 * that was there before one of them was heard of last. What a server leaves behind that ended without a word has not.
 */
export function serverWentOn(history: History, { edge, since }: CutClient, ms: number): boolean {
  const points = (figure: string) => known(history, `edge.${figure}${edge.label}`, ms);
  const first = since ?? history.now;
  const heardAt = Math.max(...points('cutIdle').map(({ at, value }) => at - value));
  return heardAt > first || points('served').some(({ at, value }) => at > first && at - value < heardAt);
}

/** Somebody who forgets connections that say nothing: a container that tracks them, or this host (null). */
export interface Forgetful {
  readonly name: string | null;
  /** After so long (ms). */
  readonly afterMs: number;
}

/** Everybody seen who tracks connections and forgets an idle one sooner than after `idleMs`. */
export function forgetful(history: History, idleMs: number): Forgetful[] {
  const host = fresh(history.latest.conntrack);
  const all: (readonly [string | null, ConntrackSample | null])[] = [
    [null, host ?? null],
    ...networksInside(history).map(({ name, conntrack }) => [name, conntrack] as const),
  ];
  return all.flatMap(([name, conntrack]) => {
    const seconds = conntrack?.timeouts.tcp_timeout_established;
    if (!conntrack || seconds === undefined || conntrack.count === 0 || seconds * 1000 > idleMs) return [];
    return [{ name, afterMs: seconds * 1000 }];
  });
}
