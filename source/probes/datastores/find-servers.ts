import { joinHostPort } from '../../linux/ip-address.js';
import { readSocketCounters } from '../sockets/net-counters.js';
import { type Candidate, candidatesOf } from './candidates.js';
import { kindNamed } from './kinds.js';
import { type Established, establishedIn, type Inside, listeningIn } from './listening.js';
import type { NetworkPlace } from './places.js';
import type { ServerProcesses } from './processes.js';

/** Above so many connections of a namespace (CurrEstab) they are not counted by server: a dump would cost too much. */
const MOST_CONNECTIONS = 20_000;

/** A database or broker, and its connections; null where they were not counted. */
export interface Found {
  readonly candidate: Candidate;
  readonly established: readonly Established[] | null;
}

/** The databases and brokers that listen in one network. Rejects where its sockets cannot be read. */
export async function serversAt(
  place: NetworkPlace,
  inside: Inside,
  processes: ServerProcesses,
): Promise<Found[]> {
  const candidates = await candidatesAt(place, inside, processes);
  const all = candidates.length > 0 ? await connectionsAt(inside, candidates) : null;
  return candidates.map((candidate) => ({
    candidate,
    established: all?.filter(({ localPort }) => localPort === candidate.port) ?? null,
  }));
}

async function candidatesAt(
  place: NetworkPlace,
  inside: Inside,
  processes: ServerProcesses,
): Promise<Candidate[]> {
  const listeners = await listeningIn(inside);
  if (listeners.length === 0) return [];
  const owned = new Set(place.processes.flatMap((one) => [...processes.socketsOf(one, [])]));
  const unowned = listeners.filter(({ inode }) => inode !== 0 && !owned.has(inode)).map(({ inode }) => inode);
  const bySocket = new Map(
    place.processes.flatMap((one) => {
      const known = processes.socketsOf(one, []);
      const listens = listeners.some(({ inode }) => known.has(inode));
      return [...processes.socketsOf(one, listens ? [] : unowned)].map((inode) => [inode, one] as const);
    }),
  );
  return candidatesOf(place, listeners, (inode) => bySocket.get(inode));
}

async function connectionsAt(
  inside: Inside,
  candidates: readonly Candidate[],
): Promise<Established[] | null> {
  const counters = readSocketCounters(`/proc/${inside.pid ?? 'self'}/net`);
  if (counters?.currEstab === 0) return [];
  if (counters && counters.currEstab > MOST_CONNECTIONS) return null;
  return await establishedIn(inside, { near: new Set(candidates.map(({ port }) => port)) });
}

/** Servers that were asked for by name, each once: those that listen here are the same ones. */
export function namedServers(
  named: readonly { readonly host: string; readonly port: number }[],
  found: Found[],
): Found[] {
  return named.flatMap(({ host, port }) => {
    const address = joinHostPort(host === 'localhost' ? '127.0.0.1' : host, port);
    const here = found.findIndex(({ candidate }) => candidate.address === address);
    const known = found[here];
    if (known) {
      found[here] = { ...known, candidate: { ...known.candidate, named: true } };
      return [];
    }
    const place = {
      pid: null,
      workload: null,
      image: null,
      paused: false,
      address: host,
      published: [],
      processes: [],
    };
    const candidate: Candidate = {
      ...{ kind: kindNamed('mysql'), place, process: null, knownBy: 'name', address, askAt: [host], port },
      ...{ queued: 0, backlog: null, named: true },
    };
    return [{ candidate, established: null }];
  });
}
