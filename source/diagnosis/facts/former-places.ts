import { isPrivate } from '../../probes/matrix/edges/proven.js';
import type { ContainerFacts } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { splitAddress } from './addresses.js';
import { type Connection, connections } from './connections.js';
import { failingBy, type TargetView } from './http.js';
import { isGone, serviceAt, serviceOf } from './services.js';
import { fresh } from './values.js';

/** Addresses at which a container stood, that its engine has forgotten, and others still ask at. */

/**
 * Those that a container may have had where its engine forgot them with its end: others on its networks still connect
 * there, next to their own address, and nobody has it. Not where another one got a new address: it may have been its.
 */
export function formerly(history: History, container: ContainerFacts | undefined): string[] {
  const moved = movedOn(history);
  return leftBehindOn(
    history,
    forgottenOf(container).filter((network) => !moved.includes(network)),
  );
}

/** Networks that a container was taken off and is on again: engines give it whichever address is free then. */
const movedOn = (history: History): string[] =>
  takenOff(history).flatMap(({ network, isBack }) => (isBack ? [network] : []));

/** Addresses next to those of networks that a container left, at which others ask in vain; `address:port`. */
export function leftBehindOn(history: History, networks: readonly string[]): string[] {
  if (networks.length === 0) return [];
  return connections(history)
    .filter((one) => isVacant(history, one, networks))
    .map(({ target }) => target);
}

/** Whether an address that is asked at is one that a container left behind: it has ended, was removed or taken off. */
export const isLeftBehind = (history: History, connection: Connection): boolean =>
  isVacant(history, connection, leftNetworks(history));

/**
 * Targets that no way leads to where a container that has ended may have been: its engine forgot its address, and took
 * the bridge of its network away with the last container on it, as Podman does. Nobody else has the address.
 */
export const lostWays = (history: History, container: ContainerFacts | undefined): TargetView[] =>
  forgottenOf(container).length === 0
    ? []
    : failingBy(history, 'unreachable').filter(
        ({ address }) => isPrivate(splitAddress(address).host) && serviceAt(history, address) === undefined,
      );

/** Whether an address is one that an ended container may have taken the way to with it. */
export const isLostWay = (history: History, address: string): boolean =>
  (fresh(history.latest.services)?.services ?? []).some(
    (service) =>
      isGone(service) && lostWays(history, service.container).some((view) => view.address === address),
  );

/** Networks that a container that is still there has left, with its address forgotten. */
export function leftNetworks(history: History): string[] {
  const services = fresh(history.latest.services)?.services ?? [];
  const left = takenOff(history).flatMap(({ network, isBack }) => (isBack ? [] : [network]));
  return [...services.flatMap(({ container }) => forgottenOf(container)), ...left];
}

/** Networks that containers were taken off, and whether they have an address there again. */
function takenOff(history: History): { readonly network: string; readonly isBack: boolean }[] {
  return (fresh(history.latest.events)?.events ?? []).flatMap(({ action, workload, network }) => {
    if (action !== 'disconnect' || network === undefined) return [];
    const now = serviceOf(history, workload)?.container?.networks ?? [];
    return [{ network, isBack: now.some(({ name, address }) => name === network && address !== null) }];
  });
}

const forgottenOf = (container: ContainerFacts | undefined): string[] =>
  (container?.networks ?? []).flatMap(({ name, address, formerAddress }) =>
    address === null && formerAddress === undefined ? [name] : [],
  );

function isVacant(history: History, one: Connection, networks: readonly string[]): boolean {
  const { source, target, address } = one;
  if (target !== address || isGateway(address)) return false;
  const own = serviceOf(history, source)?.container?.networks ?? [];
  return own.some((network) => networks.includes(network.name) && isBeside(network.address ?? '', address));
}

/** Whether two IPv4 addresses share their first two parts: engines give each network a /16, or less of one. */
export const isBeside = (one: string, other: string): boolean =>
  /^\d+\.\d+\./.test(one) && other.startsWith(one.split('.').slice(0, 2).join('.').concat('.'));

/** The first address of a network is the host's, which is always there. */
export const isGateway = (address: string): boolean => /^\d+\.\d+\.\d+\.1:/.test(address);
