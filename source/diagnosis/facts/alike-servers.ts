import { edgeSignals } from '../../probes/edges/series.js';
import type { History } from '../../store/history.js';
import type { Point } from '../../store/series.js';
import { edges, type NamedEdge } from './edges.js';
import { known } from './values.js';

/** A server as one client asks it: looks in which attempts failed, and in which connections came about. Oldest first. */
export interface AskedServer {
  readonly edge: NamedEdge;
  readonly failed: readonly Point[];
  readonly opened: readonly Point[];
}

/** Every server that somebody asked within `windowMs`, once for each who did. */
export function askedServers(history: History, windowMs: number): AskedServer[] {
  const all = edges(history).flatMap((edge) =>
    edge.direction === 'out' ? [[edge.label, edge] as const] : [],
  );
  return [...new Map(all).values()].map((edge) => ({
    edge,
    failed: known(history, edgeSignals(edge.label).failed, windowMs).filter(isSome),
    opened: known(history, edgeSignals(edge.label).opened, windowMs).filter(isSome),
  }));
}

const isSome = ({ value }: Point): boolean => value > 0;

/** What these looks counted in all. */
export const countOf = (points: readonly Point[]): number =>
  points.reduce((all, { value }) => all + value, 0);

/** Fewer attempts do not show that two servers are asked by turns. */
const LEAST_ATTEMPTS = 10;
/** Where a client asks by turns each gets about as many; the random choice of one in three is within this, too. */
const MOST_APART = 1.5;

/**
 * Whether two servers may be replicas for one client: a known one asks both at one port. At different ports of one host they
 * have to be asked about as often as well, and so have those of a client that is not known, at one port: what an
 * application and its database are asked is as often, too.
 */
export function isAlike(one: AskedServer, other: AskedServer): boolean {
  const [a, b] = [one.edge, other.edge];
  if (a.label === b.label || a.inside !== b.inside || a.owner !== b.owner) return false;
  const isKnown = a.owner !== null || (a.processes ?? []).some((name) => b.processes?.includes(name));
  if (a.port === b.port) return isKnown || areAskedAsOften(one, other);
  return isKnown && a.peer === b.peer && areAskedAsOften(one, other);
}

/** Whether two servers are asked about as often. */
export function areAskedAsOften(one: AskedServer, other: AskedServer): boolean {
  const [less = 0, more = 0] = [attempts(one), attempts(other)].sort((x, y) => x - y);
  return less >= LEAST_ATTEMPTS && more <= MOST_APART * less;
}

const attempts = ({ failed, opened }: AskedServer): number => countOf(failed) + countOf(opened);
