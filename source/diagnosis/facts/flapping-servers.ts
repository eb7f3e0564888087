import { joinHostPort } from '../../linux/ip-address.js';
import { edgeSignals } from '../../probes/edges/series.js';
import type { History } from '../../store/history.js';
import type { Point } from '../../store/series.js';
import { edges, type NamedEdge } from './edges.js';
import { known } from './values.js';

/** A server that lets one client connect and refuses it, by turns, while others of its kind serve that client. */
export interface FlappingServer {
  /** Workload that asks; null where none is known. */
  readonly owner: string | null;
  /** For a person. */
  readonly who: string;
  readonly edge: NamedEdge;
  readonly address: string;
  /** Attempts in the window that failed, and connections that came about. */
  readonly failed: number;
  readonly opened: number;
  /** Times that it was away, each with connections before or behind it. */
  readonly times: number;
  /** Others that the same client asks and that never failed it: by name, or `address:port`. */
  readonly others: readonly string[];
  /** Wall-clock ms of the first attempt that failed, and of the last. */
  readonly since: number;
  readonly lastAt: number;
}

/** Servers that were away `value` times within `windowMs`, and took connections in between. */
export function flappingServers(
  history: History,
  { value, windowMs }: { readonly value: number; readonly windowMs: number },
): FlappingServer[] {
  const asked: readonly Asked[] = [
    ...new Map(
      edges(history).flatMap((edge) => (edge.direction === 'out' ? [[edge.label, edge]] : [])),
    ).values(),
  ].map((edge) => ({
    edge,
    failed: known(history, edgeSignals(edge.label).failed, windowMs).filter(isSome),
    opened: known(history, edgeSignals(edge.label).opened, windowMs).filter(isSome),
  }));
  return asked.flatMap((one) => {
    const { edge, failed, opened } = one;
    const times = timesAway(failed, opened);
    const [first, last] = [failed[0], failed.at(-1)];
    if (times < value || !first || !last) return [];
    const { owner, processes, peer, port } = edge;
    const others = asked.filter(
      (other) => isAlike(one, other) && other.opened.length > 0 && other.failed.length === 0,
    );
    return [
      {
        ...{ owner, edge, times, address: joinHostPort(peer, port) },
        who: owner ?? processes?.join(', ') ?? 'a client of this host',
        ...{ failed: sum(failed), opened: sum(opened), since: first.at, lastAt: last.at },
        others: others.map((other) => other.edge.peerText),
      },
    ];
  });
}

interface Asked {
  readonly edge: NamedEdge;
  readonly failed: readonly Point[];
  readonly opened: readonly Point[];
}

const isSome = ({ value }: Point): boolean => value > 0;
const sum = (points: readonly Point[]): number => points.reduce((all, { value }) => all + value, 0);

/** Runs of failures that have a connection between them; in one look both may be. */
function timesAway(failed: readonly Point[], opened: readonly Point[]): number {
  return failed.filter(({ at }, i) => {
    const before = failed[i - 1];
    return before === undefined || opened.some((one) => one.at > before.at && one.at <= at);
  }).length;
}

/** Fewer attempts do not show that two servers are asked by turns. */
const LEAST_ATTEMPTS = 10;
/** Where a client asks by turns each gets about as many; the random choice of one in three is within this, too. */
const MOST_APART = 1.5;

/**
 * Whether two servers may be replicas for one client: a known one asks both at one port. At different ports of one host they
 * have to be asked about as often as well, and so have those of a client that is not known, at one port: what an
 * application and its database are asked is as often, too.
 */
function isAlike(one: Asked, other: Asked): boolean {
  const [a, b] = [one.edge, other.edge];
  if (a.label === b.label || a.inside !== b.inside || a.owner !== b.owner) return false;
  const isKnown = a.owner !== null || (a.processes ?? []).some((name) => b.processes?.includes(name));
  if (a.port === b.port) return isKnown || areAskedAsOften(one, other);
  return isKnown && a.peer === b.peer && areAskedAsOften(one, other);
}

function areAskedAsOften(one: Asked, other: Asked): boolean {
  const [less = 0, more = 0] = [attempts(one), attempts(other)].sort((x, y) => x - y);
  return less >= LEAST_ATTEMPTS && more <= MOST_APART * less;
}

const attempts = ({ failed, opened }: Asked): number => sum(failed) + sum(opened);
