import { joinHostPort } from '../../linux/ip-address.js';
import { type KindOfDatastore, kindOfImage, kindOfPort } from './kinds.js';
import type { ListeningSocket } from './listening.js';
import type { NetworkPlace } from './places.js';
import type { ServerProcess } from './processes.js';
import type { Datastore } from './sample.js';

/** A listener that is a database or broker, or may be one. */
export interface Candidate {
  readonly kind: KindOfDatastore;
  readonly place: NetworkPlace;
  readonly process: ServerProcess | null;
  readonly knownBy: Exclude<Datastore['knownBy'], 'protocol'>;
  /** By which others know it. */
  readonly address: string;
  /** Where it is asked, from within its own network, the best first. */
  readonly askAt: readonly string[];
  readonly port: number;
  readonly queued: number;
  readonly backlog: number | null;
  /** It was asked for by name: that is reason enough to ask it. */
  readonly named?: true;
}

/** Redis Cluster's own port is that of its clients and 10,000 (cluster-port): nobody answers PING there. */
const CLUSTER_BUS = 10_000;

/** Which of the listeners of a network are databases or brokers, each server and port once. */
export function candidatesOf(
  place: NetworkPlace,
  listeners: readonly ListeningSocket[],
  ownerOf: (inode: number) => ServerProcess | undefined,
): Candidate[] {
  const byPort = new Map<number, ListeningSocket[]>();
  for (const one of listeners) byPort.set(one.port, [...(byPort.get(one.port) ?? []), one]);
  const image = place.image === null ? undefined : kindOfImage(place.image);
  const found: Candidate[] = [];
  for (const [port, all] of byPort) {
    const process = all.map(({ inode }) => ownerOf(inode)).find((owner) => owner !== undefined) ?? null;
    // What Docker listens on for a container is that container's.
    if (!process && place.published.includes(port)) continue;
    const kind = process ? process.kind : kindOfPort(port);
    if (!kind || !serves(kind, port, byPort, process !== null)) continue;
    const knownBy = process ? 'process' : image === kind ? 'image' : 'port';
    const [address, ...others] = [...new Set(all.map((one) => reachedBy(one, place)))];
    if (address === undefined) continue;
    found.push({
      ...{ kind, place, process, knownBy, port },
      address: joinHostPort(address, port),
      askAt: [address, ...others, ...(all.every(({ family }) => family === 6) ? ['::1'] : [])],
      queued: Math.max(...all.map(({ queued }) => queued)),
      backlog: Math.min(...all.map(({ backlog }) => backlog ?? Number.POSITIVE_INFINITY)),
    });
  }
  return found.map((one) => ({ ...one, backlog: Number.isFinite(one.backlog) ? one.backlog : null }));
}

function serves(
  kind: KindOfDatastore,
  port: number,
  byPort: ReadonlyMap<number, unknown>,
  byName: boolean,
): boolean {
  if (kind.ports.includes(port)) return true;
  if (!byName || !kind.anyPort || kind.notForClients.includes(port)) return false;
  return kind.kind !== 'redis' || !byPort.has(port - CLUSTER_BUS);
}

/** An address at which a listener is reached from within its network, by which others know it where there is a choice. */
function reachedBy({ address }: ListeningSocket, place: NetworkPlace): string {
  return address === '0.0.0.0' || address === '::' ? place.address : address;
}
