import { joinHostPort } from '../../linux/ip-address.js';
import type { History } from '../../store/history.js';
import type { Point } from '../../store/series.js';
import { askedServers, countOf, isAlike } from './alike-servers.js';
import type { NamedEdge } from './edges.js';

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
  const asked = askedServers(history, windowMs);
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
        ...{ failed: countOf(failed), opened: countOf(opened), since: first.at, lastAt: last.at },
        others: others.map((other) => other.edge.peerText),
      },
    ];
  });
}

/** Runs of failures that have a connection between them; in one look both may be. */
function timesAway(failed: readonly Point[], opened: readonly Point[]): number {
  return failed.filter(({ at }, i) => {
    const before = failed[i - 1];
    return before === undefined || opened.some((one) => one.at > before.at && one.at <= at);
  }).length;
}
