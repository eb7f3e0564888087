import { joinHostPort } from '../../linux/ip-address.js';
import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { isLocal, splitAddress } from './addresses.js';
import { isWhole, leadsTo, needs } from './chains.js';
import { database, isInnocent } from './database.js';
import { sickDatastores } from './datastores.js';
import { edges, type NamedEdge } from './edges.js';
import { listenQueue } from './listeners.js';
import { onceALookBy } from './once-a-look.js';
import { serviceAt, serviceOf } from './services.js';
import { fresh } from './values.js';

/** Whom somebody may wait for: what is not linked to it by connections explains nothing of it, and keeps nothing from being said. */

/** What serves an address, as far as that is known. */
export interface Served {
  /** `host:port`; null where no address of it is asked. */
  readonly address: string | null;
  readonly service?: ServiceSample | undefined;
}

/** A server that others may need: its address, and the workload that it is in. */
export interface Needed {
  readonly address: string;
  readonly workload: string | null;
}

/** Whether what serves an address may wait for that server; true also where its connections do not tell. */
export function mayNeed(history: History, { address, service }: Served, server: Needed): boolean {
  const within = server.workload === null ? undefined : serviceOf(history, server.workload);
  if (service?.container) {
    if (within) return within.name === service.name || (leadsTo(history, service, within) ?? true);
    return needs(history, service.name).some((edge) => isAt(edge, server)) || !isWhole(history, service.name);
  }
  if (service || address === null || !isLocal(address)) return true;
  const isRead = fresh(history.latest.sockets)?.edges?.left === 0;
  return !isRead || reachOfHost(history, splitAddress(address).port, (edge) => isAt(edge, server));
}

/** The database that is entered with a login, as a server that others may need; undefined where none is. */
const entered = (history: History): (Needed & { readonly isWell: boolean }) | undefined => {
  const sample = database(history);
  if (!sample) return undefined;
  const { address } = sample;
  return { address, workload: serviceAt(history, address)?.name ?? null, isWell: isInnocent(sample) };
};

/** Whether what serves an address may wait for that one. */
export function mayNeedEntered(history: History, served: Served): boolean {
  const needed = entered(history);
  return needed !== undefined && mayNeed(history, served, needed);
}

/** The databases and brokers in trouble, whichever it is. */
export function sickDatabases(history: History): Needed[] {
  const needed = entered(history);
  return [...(needed && !needed.isWell ? [needed] : []), ...sickDatastores(history)];
}

/** Whether whoever may serve an address of this host waits for another server's answer to a SYN; of one elsewhere whether anybody here does. */
export function waitsToConnect(history: History, address: string | null): boolean {
  const own = splitAddress(address ?? '').port;
  const waits = ({ synSent, peer, port }: NamedEdge): boolean => {
    const asked = joinHostPort(peer, port);
    return synSent.retried > 0 && asked !== address && !(isLocal(asked) && own === port);
  };
  if (address !== null && isLocal(address)) return reachOfHost(history, own, waits);
  return edges(history).some((edge) => edge.inside === null && edge.direction === 'out' && waits(edge));
}

/** The same of a target, by its address. */
export const mayTargetNeed = (history: History, address: string, server: Needed): boolean =>
  mayNeed(history, { address, service: serviceAt(history, address) }, server);

/** Whether an edge leads to a server: into its container, or to its address, by whatever name this host has. */
function isAt({ peer, port, peerName }: NamedEdge, { address, workload }: Needed): boolean {
  if (workload !== null && peerName === workload) return true;
  const at = splitAddress(address);
  if (at.port !== port) return false;
  return at.host.replace(/^\[|\]$/g, '') === peer || (isLocal(address) && peerName === null);
}

/**
 * Whether any edge of this host that is `meant` may be one of whoever serves that port of it, or of whom that asks in
 * turn: by the processes that hold them. One that is held by nobody who is known may be anybody's.
 */
export function reachOfHost(history: History, port: number, meant: (edge: NamedEdge) => boolean): boolean {
  const all = edgesOfHost(history).filter((edge) => edge.direction === 'out' && meant(edge));
  if (all.length === 0) return false;
  const reached = heldBehind(history, port);
  return reached === undefined || all.some((edge) => reached.has(edge) || mayBeHandedTo(history, edge, port));
}

const edgesOfHost = (history: History): readonly NamedEdge[] =>
  edges(history).filter(({ inside, owner }) => inside === null && owner === null);

/** The edges of those who serve a port of this host, and of whom these ask on it; undefined where some of them are not seen. */
const heldBehind = onceALookBy((history, port: number): ReadonlySet<NamedEdge> | undefined => {
  const all = edgesOfHost(history);
  const ports = new Set([port]);
  const reached = new Set<NamedEdge>();
  for (const at of ports) {
    const pids = holdersOf(history, at);
    if (pids.size === 0) return undefined;
    for (const edge of all) {
      if (edge.direction !== 'out' || !edge.pids?.some((pid) => pids.has(pid))) continue;
      reached.add(edge);
      if (isLocal(`${edge.peer}:${edge.port}`)) ports.add(edge.port);
    }
  }
  return reached;
});

/** Processes that hold connections which came to a port of this host, and the one that listens there. */
function holdersOf(history: History, port: number): ReadonlySet<number> {
  const came = edgesOfHost(history).filter((edge) => edge.direction === 'in' && edge.port === port);
  const listens = listenQueue(history, `127.0.0.1:${port}`)?.holder?.pid;
  return new Set([...came.flatMap(({ pids }) => pids ?? []), ...(listens === undefined ? [] : [listens])]);
}

/**
 * Whether a connection of this host may be of somebody whom a port's server hands requests to unseen, by a socket of the file
 * system: another program, that serves no port itself, beside a server that asks nobody. What nobody is seen to hold may
 * be anybody's.
 */
function mayBeHandedTo(history: History, { pids, processes = [] }: NamedEdge, port: number): boolean {
  if (pids === undefined) return true;
  if ((heldBehind(history, port)?.size ?? 0) > 0) return false;
  const came = edgesOfHost(history).filter(({ direction }) => direction === 'in');
  if (came.some((edge) => edge.pids?.some((pid) => pids.includes(pid)))) return false;
  const servers = came.filter((edge) => edge.port === port).flatMap((edge) => edge.processes ?? []);
  return !processes.some((name) => servers.includes(name));
}
