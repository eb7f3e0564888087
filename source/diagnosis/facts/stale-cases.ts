import type { Subject } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { namePlace, placeOf, placeOfSubject, workloadPlace } from '../places.js';
import { splitAddress } from './addresses.js';
import { aroundClients, lookupsOf } from './blast-radius.js';
import { type MovedBounds, movedAddresses } from './moved-names.js';
import {
  askersByName,
  formerOwners,
  type Removed,
  removedContainers,
  type StaleAddress,
  staleAddresses,
} from './removed.js';

/** What is gone and still asked for: a removed container, or an address that nobody is known to have had for sure. */
export interface StaleCase {
  readonly subject: Subject;
  /** The container, or `address:port`. */
  readonly name: string;
  /** Who asks; null for this host. Those of them that ask by name. */
  readonly clients: readonly (string | null)[];
  readonly byName: readonly (string | null)[];
  readonly addresses: readonly StaleAddress[];
  /** The container that was removed; or all of which one may have had the address. */
  readonly owners: readonly Removed[];
  readonly isOwner: boolean;
  /** Wall-clock ms of the removal, the last one; undefined where none is known. */
  readonly removedAt: number | undefined;
  readonly radius: readonly string[];
}

/** Every one of them now. */
export function staleCases(history: History, bounds: MovedBounds): StaleCase[] {
  const removed = removedContainers(history);
  const owned = new Map(removed.map((one) => [one, [] as StaleAddress[]]));
  const moved = movedAddresses(history, bounds);
  const unowned = [...moved];
  for (const one of staleAddresses(history, removed, bounds)) {
    if (moved.some(({ address }) => address === one.address)) continue;
    const { sure, owners } = formerOwners(one, removed);
    const only = sure || owners.length === 1 ? owners[0] : undefined;
    (only === undefined ? unowned : (owned.get(only) ?? unowned)).push(one);
  }
  return [
    ...[...owned].map(([one, addresses]) => {
      const subject: Subject = { kind: 'workload', id: one.name };
      return caseOf(history, subject, [one], addresses, askersByName(history, one));
    }),
    ...byHost(unowned).map((all) => {
      const [one] = all;
      const subject: Subject = { kind: 'listener', id: one.address };
      const owners = one.moved ? [] : formerOwners(one, removed).owners;
      return caseOf(history, subject, owners, all, []);
    }),
  ].filter(({ clients }) => clients.length > 0);
}

/** Who is not there is so at each port; the one that is asked for most stands first. */
function byHost(all: readonly StaleAddress[]): [StaleAddress, ...StaleAddress[]][] {
  const hosts = new Map<string, [StaleAddress, ...StaleAddress[]]>();
  for (const one of [...all].sort((a, b) => triesOf(b) - triesOf(a))) {
    const { host } = splitAddress(one.address);
    const known = hosts.get(host);
    if (known) known.push(one);
    else hosts.set(host, [one]);
  }
  return [...hosts.values()];
}

const triesOf = ({ waiting, failed }: StaleAddress): number => waiting + failed;

function caseOf(
  history: History,
  subject: Subject,
  owners: readonly Removed[],
  addresses: readonly StaleAddress[],
  byName: readonly (string | null)[],
): StaleCase {
  const clients = [...new Set([...addresses.flatMap((one) => one.clients), ...byName])];
  return {
    ...{ subject, name: subject.id, clients, byName, addresses, owners },
    isOwner: subject.kind === 'workload',
    removedAt: owners.length === 0 ? undefined : Math.max(...owners.map(({ at }) => at)),
    radius: [
      ...owners.flatMap(({ name, names }) => [workloadPlace(name), ...names.map(namePlace)]),
      ...(byName.length > 0 ? lookupsOf(history, byName) : []),
      ...addresses.flatMap(({ address, clients: askers }) => [
        placeOf(address),
        placeOfSubject({ kind: 'connection', id: `this host → ${address}` }),
        ...askers.map((client) =>
          placeOfSubject({ kind: 'connection', id: `${client ?? 'this host'} → ${address}` }),
        ),
      ]),
      ...aroundClients(history, clients),
    ],
  };
}
