import { joinHostPort } from '../../linux/ip-address.js';
import type { History } from '../../store/history.js';
import { isLocal } from './addresses.js';
import { edges, type NamedEdge } from './edges.js';

/** What the owner of an edge asks of others, and what others ask of it. */
export interface OwnEdges {
  readonly asked: readonly NamedEdge[];
  readonly came: readonly NamedEdge[];
}

/** The edges of an edge's owner. */
export function ownEdges(history: History, edge: NamedEdge): OwnEdges {
  const own = edges(history).filter((one) => isOfSame(edge, one));
  const asked = own.filter(({ direction }) => direction === 'out');
  // What it asks itself on a loopback comes in there a second time.
  const came = own.filter(
    ({ direction, port }) =>
      direction === 'in' && !asked.some((one) => one.port === port && isLocal(joinHostPort(one.peer, port))),
  );
  return { asked, came };
}

/** Edges of the same owner: a workload's, or of processes of this host that hold sockets of both. */
export function isOfSame(edge: NamedEdge, other: NamedEdge): boolean {
  if (edge.inside !== other.inside || edge.owner !== other.owner) return false;
  return edge.owner !== null || (other.pids ?? []).some((pid) => edge.pids?.includes(pid));
}

/** Who holds the sockets of an edge: its workload, a process of this host, or no one that is known. */
export const holderText = ({ owner, processes, units }: NamedEdge): string =>
  owner ?? units?.[0] ?? processes?.[0] ?? 'a process of this host';
