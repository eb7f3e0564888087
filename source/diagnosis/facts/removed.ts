import { joinHostPort } from '../../linux/ip-address.js';
import { edgeSignals } from '../../probes/edges/series.js';
import type { Wire } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { splitAddress } from './addresses.js';
import { connections } from './connections.js';
import { resolvers } from './dns.js';
import { edges, type NamedEdge } from './edges.js';
import { isBeside, isGateway, leftNetworks } from './former-places.js';
import { addressesOf } from './services.js';
import { earliest, fresh, known } from './values.js';

/** Containers that were removed, and who still asks for them. */

/** A container that was removed and is not back under its name. */
export interface Removed {
  readonly name: string;
  /** Wall-clock ms. */
  readonly at: number;
  /** Addresses that it had; empty where it was removed before anybody looked. */
  readonly addresses: readonly string[];
  /** By what others may ask for it: its name, its compose service, its aliases. */
  readonly names: readonly string[];
}

/** Those of the last ten minutes, as the engine told; empty where its containers are not read. */
export function removedContainers(history: History): Removed[] {
  const services = fresh(history.latest.services)?.services;
  if (!services) return [];
  const taken = new Set(
    services.flatMap(({ name, group }) => [name, ...(group === undefined ? [] : [group])]),
  );
  const found = new Map<string, Removed>();
  for (const { action, workload, at, addresses = [], names = [] } of fresh(history.latest.events)?.events ??
    [])
    if (action === 'destroy' && !taken.has(workload))
      found.set(workload, {
        ...{ name: workload, at, addresses },
        names: [...new Set([workload, ...names])].filter((name) => !taken.has(name)),
      });
  return [...found.values()];
}

/** A name that gave an address, and gives another one now. */
export interface MovedName {
  readonly name: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Wall-clock ms at which it was last known to be at the old one. */
  readonly at: number;
}

/** An address on a network of containers, or of this machine alone, that nobody has, and that is asked for. */
export interface StaleAddress {
  /** `address:port`. */
  readonly address: string;
  /** Who asks: containers; null for a process of this host. */
  readonly clients: readonly (string | null)[];
  /** The interface on which it answers no ARP; undefined where that is not seen. */
  readonly silentOn: string | undefined;
  /** Names that are looked up and still give it. */
  readonly names: readonly string[];
  /** Connections that wait for an answer to their SYN now, and attempts that failed in the window. */
  readonly waiting: number;
  readonly failed: number;
  readonly since: number | null;
  /** The name that was there and is elsewhere now; absent where none is known. */
  readonly moved?: MovedName;
  /** Who has the address now, and the connections that it took in the window. */
  readonly heldBy?: string;
  readonly opened?: number;
}

/** Since when (ms) what failed counts. */
export interface StaleBounds {
  readonly attempts: { readonly windowMs: number };
}

/** Bridges that an engine makes (docker network, podman network). */
const ENGINE_BRIDGE = /^(br-[0-9a-f]{12}|docker\d+|docker_gwbridge|podman\d+|cni-podman\d+)$/;

/**
 * Those that are asked for in vain: at an address that a removed container is known to have had, or where the wire of a
 * network of containers does not know the address. Not where a container that is still there may have had it.
 */
export function staleAddresses(
  history: History,
  removed: readonly Removed[],
  { attempts: { windowMs } }: StaleBounds,
): StaleAddress[] {
  const former = new Set(removed.flatMap(({ addresses }) => addresses));
  const mayBeLeft = leftNetworks(history).length > 0;
  const byAddress = new Map<string, NamedEdge[]>();
  for (const edge of edges(history)) {
    const { peer, port, direction, peerName } = edge;
    if (direction !== 'out' || peerName !== null) continue;
    const isUnknown = !mayBeLeft && isVacantOn(history, edge, removed.length > 0);
    if (!former.has(peer) && !isUnknown) continue;
    const address = joinHostPort(peer, port);
    byAddress.set(address, [...(byAddress.get(address) ?? []), edge]);
  }
  return [...byAddress].flatMap(([address, all]): StaleAddress[] => {
    const waiting = all.reduce(
      (sum, { synSent, wire }) => sum + (wire && isSilent(wire) ? synSent.count : synSent.retried),
      0,
    );
    const tries = all.flatMap(({ label }) => known(history, edgeSignals(label).failed, windowMs));
    const failed = tries.reduce((sum, { value }) => sum + value, 0);
    const isHeld = all.some(({ states, received }) => (states.ESTAB ?? 0) > 0 && (received ?? 0) > 0);
    const tried = connections(history).filter(
      (one) => one.needed && one.address === address && one.cell.outcome !== 'connected',
    );
    if (isHeld || waiting + failed + tried.length === 0) return [];
    return [
      {
        address,
        clients: [...new Set([...all.map(({ owner }) => owner), ...tried.map(({ source }) => source)])],
        silentOn: all.find(({ wire }) => wire && isSilent(wire))?.wire?.device,
        names: namesGiving(history, splitAddress(address).host),
        ...{ waiting, failed },
        since: earliest(
          ...tries.map(({ at }) => at),
          ...all.flatMap(({ synSent }) => (synSent.ageMs === null ? [] : [history.now - synSent.ageMs])),
        ),
      },
    ];
  });
}

/** Whether nobody on a wire has the address: it answers no ARP, or none of its networks has it. */
export const isSilent = ({ answers, vacant }: Wire): boolean => !answers || vacant === true;

/** Names that are looked up and give an address. */
const namesGiving = (history: History, address: string): string[] => [
  ...new Set(
    resolvers(history).flatMap(({ names }) =>
      names.flatMap(({ name, sample: { steps, otherwise = [] } }) =>
        [...steps.flatMap(({ addresses }) => addresses), ...otherwise].includes(address) ? [name] : [],
      ),
    ),
  ),
];

/**
 * Whether an edge leads over a network of containers to where none of them is: from one of them to its neighbour, or onto a
 * bridge of an engine, which knows everybody there, or another wire of this machine alone. A neighbour that answered ARP may be a machine on a shared wire, unless
 * a container was removed.
 */
function isVacantOn(
  history: History,
  { inside, peer, port, wire, synSent }: NamedEdge,
  isRemoved: boolean,
): boolean {
  if (!wire || (wire.answers && synSent.retried === 0) || isGateway(`${peer}:${port}`)) return false;
  if (inside === null) return ENGINE_BRIDGE.test(wire.device) || wire.closed === true;
  const own = (fresh(history.latest.services)?.services ?? []).find(({ name }) => name === inside);
  const isNeighbour = own !== undefined && addressesOf(own).some((address) => isBeside(address, peer));
  return isNeighbour && (isRemoved || !wire.answers);
}

/** Whose address it was: the one that is known to have had it, else all of which nobody knows what they had. */
export function formerOwners(
  { address }: Pick<StaleAddress, 'address'>,
  removed: readonly Removed[],
): { readonly sure: boolean; readonly owners: readonly Removed[] } {
  const { host } = splitAddress(address);
  const owner = removed.filter(({ addresses }) => addresses.includes(host));
  return owner.length > 0
    ? { sure: true, owners: owner.slice(-1) }
    : { sure: false, owners: removed.filter(({ addresses }) => addresses.length === 0) };
}

/**
 * Who asks for the name of a removed container and is given no address: containers; else null for this host, from which an
 * engine hands on what its containers ask.
 */
export function askersByName(history: History, { names }: Removed): (string | null)[] {
  const all = new Set(
    resolvers(history).flatMap(({ client, names: asked }) =>
      asked.some(
        ({ name, sample }) =>
          !sample.resolved && names.some((own) => name === own || name.startsWith(`${own}.`)),
      )
        ? [client]
        : [],
    ),
  );
  return all.size > 1 ? [...all].filter((client) => client !== null) : [...all];
}
