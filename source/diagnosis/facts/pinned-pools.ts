import { joinHostPort } from '../../linux/ip-address.js';
import { edgeSignals } from '../../probes/edges/series.js';
import type { History } from '../../store/history.js';
import { placeOf, workloadPlace } from '../places.js';
import { aroundWorkload } from './blast-radius.js';
import { edges, type NamedEdge } from './edges.js';
import { ownEdges } from './own-edges.js';
import { known, newest, STREAK_MS } from './values.js';

/** From when a pool is pinned, and its callers wait for it. */
export interface PoolBounds {
  /** Connections of a pool at least: one alone is no pool. */
  readonly pool: { readonly value: number };
  /** Idle connections beside the busy ones, as a share of those, at most. */
  readonly idle: { readonly value: number };
  /** So much of the pool, and one connection where there are three, may be between two requests in a look. */
  readonly between: { readonly value: number };
  /** The time of the looks that the size is taken from (ms); two at least show it, the first one so long ago. */
  readonly pinned: { readonly value: number; readonly windowMs: number };
  /** Callers beyond those that a connection works for, as a share of the pool, and the least number. */
  readonly queue: { readonly value: number };
  readonly callers: { readonly value: number };
  /** The oldest of them waits so long (ms). */
  readonly waits: { readonly value: number };
  /** And so many times as long as the oldest request that a connection works for. */
  readonly longer: { readonly value: number };
  /** The server sent something, or connections were made anew, within this time (ms): one that is silent is a failure of its own. */
  readonly answers: { readonly windowMs: number };
}

/** A pool of connections all of which are busy while callers wait. */
export interface PinnedPool {
  /** Its owner: container or workload; null for a process of this host that is none. */
  readonly name: string | null;
  /** Its own place among findings, and as a person calls it. */
  readonly id: string;
  readonly who: string;
  readonly edge: NamedEdge;
  /** `address:port` that it leads to. */
  readonly address: string;
  /** Connections that are all busy, and how long the oldest request on one waits (ms). */
  readonly size: number;
  readonly upstreamMs: number;
  /** Answers came lately; false where each request is given up before. */
  readonly answered: boolean;
  /** Callers without an answer, those of them that nothing is asked for yet, and how long the oldest waits (ms). */
  readonly callers: number;
  readonly queued: number;
  readonly waitMs: number;
  /** Ports that they came to. */
  readonly ports: readonly number[];
  /** Wall-clock ms of the first look that showed it without a break. */
  readonly since: number;
  readonly signal: string;
}

/** The pools that are pinned now, one for each owner: the largest of several. */
export function pinnedPools(history: History, bounds: PoolBounds): PinnedPool[] {
  const found = new Map<string, PinnedPool>();
  for (const edge of edges(history)) {
    const pool = isPooled(edge, bounds) ? pinned(history, edge, bounds) : undefined;
    if (pool && pool.size > (found.get(pool.id)?.size ?? 0)) found.set(pool.id, pool);
  }
  return [...found.values()];
}

/** What the trouble of its owner can cause: around the workload, or at what the process serves. */
export const aroundOwner = (history: History, { name, id, ports }: PinnedPool): string[] =>
  name === null
    ? [workloadPlace(id), ...ports.map((port) => placeOf(`127.0.0.1:${port}`))]
    : aroundWorkload(history, name);

/** The pool with most connections that is seen and has some to spare, as text; undefined where none is. */
export function roomyPool(history: History, bounds: PoolBounds): string | undefined {
  const most = edges(history)
    .filter(({ direction, states }) => direction === 'out' && (states.ESTAB ?? 0) >= bounds.pool.value)
    .filter(({ unanswered, states }) => unanswered !== null && unanswered.count < (states.ESTAB ?? 0))
    .sort((a, b) => (b.states.ESTAB ?? 0) - (a.states.ESTAB ?? 0))[0];
  if (!most?.unanswered) return undefined;
  const open = most.states.ESTAB ?? 0;
  return `${open - most.unanswered.count} of ${open} connections to ${most.peerText} are free`;
}

const slack = (size: number, { between }: PoolBounds): number =>
  Math.max(size >= 3 ? 1 : 0, Math.floor(size * between.value));

/** Whether most connections of an edge wait for an answer; a proxy keeps a few idle ones beside those that it may use. */
function isPooled({ direction, unanswered, states }: NamedEdge, bounds: PoolBounds): boolean {
  const open = states.ESTAB ?? 0;
  const busy = unanswered?.count ?? 0;
  return direction === 'out' && busy >= bounds.pool.value && open - busy <= busy * bounds.idle.value;
}

function pinned(history: History, edge: NamedEdge, bounds: PoolBounds): PinnedPool | undefined {
  const { owner, inside, unanswered, label } = edge;
  const signal = edgeSignals(label).unanswered;
  const run = pinnedSince(history, signal, looksOf(history, inside), bounds);
  const had = (what: string): boolean =>
    known(history, what, bounds.answers.windowMs).some(({ value }) => value > 0);
  const answered = had(edgeSignals(label).received);
  // Who gives up a request closes its connection, and opens one for the next.
  if (!run || unanswered === null || !(answered || had(edgeSignals(label).opened))) return undefined;
  const { asked, came } = ownEdges(history, edge);
  const callers = sum(came.map(({ owed }) => owed?.count ?? 0));
  const waitMs = Math.max(0, ...came.map(({ owed }) => owed?.longestMs ?? 0));
  const elsewhere = sum(asked.map((one) => (one.unanswered?.count ?? 0) + one.synSent.count));
  const lookups = newest(
    history,
    `sockets.askers${owner === null ? '' : `{${owner}}`}`,
    bounds.pinned.windowMs,
  );
  const queued = callers - elsewhere - (lookups ?? 0);
  const least = Math.max(bounds.callers.value, run.size * bounds.queue.value);
  const waits = waitMs >= Math.max(bounds.waits.value, unanswered.longestMs * bounds.longer.value);
  if (queued < least || !waits) return undefined;
  const process = edge.processes?.[0] ?? 'a process of this host';
  return {
    ...{ name: owner, edge, size: run.size, since: run.since, callers, queued, waitMs, signal },
    id: owner ?? `${process} ${edge.pids?.[0] ?? ''}`.trim(),
    who: owner ?? process,
    address: joinHostPort(edge.peer, edge.port),
    ...{ upstreamMs: unanswered.longestMs, answered },
    ports: [...new Set(came.map(({ port }) => port))],
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** When the sockets of a network were looked at: each look counts what listens. */
const looksOf = (history: History, inside: string | null): readonly number[] =>
  known(history, inside === null ? 'sockets.LISTEN' : `sockets.LISTEN{${inside}}`, STREAK_MS).map(
    ({ at }) => at,
  );

/**
 * How many connections were busy in every look until now, but for single ones in which some were between two requests,
 * and since when; undefined where too few looks tell.
 */
function pinnedSince(
  history: History,
  signal: string,
  looks: readonly number[],
  bounds: PoolBounds,
): { readonly size: number; readonly since: number } | undefined {
  const { value: spanMs, windowMs } = bounds.pinned;
  const busy = new Map(known(history, signal, STREAK_MS).map(({ at, value }) => [at, value]));
  const busyAt = (at: number): number => busy.get(at) ?? 0;
  const size = Math.max(0, ...looks.filter((at) => at >= history.now - windowMs).map(busyAt));
  const isFull = (at: number | undefined): boolean =>
    at !== undefined && busyAt(at) >= size - slack(size, bounds) && busyAt(at) <= size;
  const free = looks.findLastIndex((at, i) => !isFull(at) && !isFull(looks[i - 1]));
  const [since, last] = [looks[free + 1], looks.at(-1)];
  if (size < bounds.pool.value || since === undefined || last === undefined) return undefined;
  return last > since && history.now - since >= spanMs ? { size, since } : undefined;
}
