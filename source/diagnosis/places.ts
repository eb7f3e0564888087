import type { Subject } from '../store/finding.js';
import { isLocal, splitAddress } from './facts/addresses.js';

/** Names for places: what ties a cause to its symptoms. Equal only for what is one place, however it is addressed. */

/** The host itself: its own tables, its own network. */
export const HOST_PLACE = 'this host';

/** Whether two lists of places have one in common. */
export const meet = (one: readonly string[], other: readonly string[]): boolean =>
  one.some((place) => other.includes(place));

/** The host as a subject. */
export const HOST: Subject = { kind: 'host', id: HOST_PLACE };

/** What is served at an address; on this machine a port is one place, however it is addressed. */
export const placeOf = (address: string): string =>
  isLocal(address) && Number.isFinite(splitAddress(address).port)
    ? `port ${splitAddress(address).port}`
    : address;

/** What is seen at a workload itself, whatever its addresses. */
export const workloadPlace = (name: string): string => `workload ${name}`;

/** What is said of a name, whoever asks for it. */
export const namePlace = (name: string): string => `name ${name}`;

/** The place of a subject. */
export function placeOfSubject({ kind, id }: Subject): string {
  if (kind === 'host') return HOST_PLACE;
  if (kind === 'workload') return workloadPlace(id);
  if (kind === 'name') return namePlace(id);
  return kind === 'connection' ? `connection ${id}` : placeOf(id);
}
