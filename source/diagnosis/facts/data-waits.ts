import type { DatastoreKind, ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { isLocal, splitAddress } from './addresses.js';
import { database, isInnocent } from './database.js';
import { datastoreName, datastores, isDownDatastore } from './datastores.js';
import { edges, type NamedEdge } from './edges.js';
import { reachOfHost } from './reach.js';
import { serviceAt } from './services.js';

/** Who waits for a database that is well: it answers whoever comes, and holds back what was asked of it. */
export interface DataWait {
  readonly waiter: string;
  /** What a person calls the database. */
  readonly on: string;
  /** Requests without an answer, and how long the oldest waits (ms). */
  readonly requests: number;
  readonly forMs: number;
}

/** Those that hold a request back behind a lock, or work on it for long; others keep requests open by design. */
const HOLD_BACK: ReadonlySet<DatastoreKind> = new Set(['postgres', 'pgbouncer', 'mysql']);

/**
 * What a workload waits for so (null: the processes of this host that no workload is): most connections that it has to
 * such a database wait for an answer, one of them for `leastMs` at least.
 */
function dataWaits(
  history: History,
  waiter: string | null,
  leastMs: number,
  isMeant: (edge: NamedEdge) => boolean = () => true,
): DataWait[] {
  return edges(history).flatMap((edge): DataWait[] => {
    const { direction, owner, unanswered, states } = edge;
    if (direction !== 'out' || owner !== waiter || unanswered === null || !isMeant(edge)) return [];
    const { count, longestMs } = unanswered;
    if (2 * count <= (states.ESTAB ?? 0) || count === 0 || longestMs < leastMs) return [];
    const on = wellDatabaseAt(history, edge);
    return on === undefined ? [] : [{ waiter: waiter ?? 'this host', on, requests: count, forMs: longestMs }];
  });
}

/** The same of what serves an address: a workload, or a process of this host. */
export function dataWaitsOf(
  history: History,
  { address, service }: { readonly address: string | null; readonly service?: ServiceSample | undefined },
  leastMs: number,
): DataWait[] {
  if (service) return dataWaits(history, service.name, leastMs);
  if (address === null || !isLocal(address)) return [];
  const { port } = splitAddress(address);
  return dataWaits(history, null, leastMs, (edge) => reachOfHost(history, port, (one) => one === edge));
}

/** The database that an edge leads to, as a person calls it, where it answers whoever comes; undefined elsewhere. */
export function wellDatabaseAt(history: History, edge: NamedEdge): string | undefined {
  const one = datastores(history).find(
    (each) => HOLD_BACK.has(each.kind) && leadsTo(edge, each.address, each.workload),
  );
  if (one) return one.state === 'alive' && !isDownDatastore(one) ? datastoreName(one) : undefined;
  const entered = database(history);
  const isWell = entered !== undefined && isInnocent(entered);
  const workload = entered ? (serviceAt(history, entered.address)?.name ?? null) : null;
  return isWell && leadsTo(edge, entered.address, workload)
    ? `the database at ${entered.address}`
    : undefined;
}

function leadsTo({ peer, port, peerName }: NamedEdge, address: string, workload: string | null): boolean {
  const at = splitAddress(address);
  if (at.port !== port) return false;
  if (workload !== null && peerName === workload) return true;
  return at.host.replace(/^\[|\]$/g, '') === peer || (isLocal(address) && isLocal(`${peer}:${port}`));
}

/** "web waits for MySQL in mysql: 10 requests without an answer, the oldest for 9 s; it answers whoever comes". */
export const dataWaitText = ({ waiter, on, requests, forMs }: DataWait): string =>
  `${waiter} waits for ${on}: ${plural(requests, 'request')} without an answer, the oldest for ${duration(forMs)}; it answers whoever comes, so see what holds them back there (a lock, a slow query)`;
