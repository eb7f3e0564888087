import type { LastExit } from '../../engines/engine.js';
import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { listed, plural } from '../../terminal/format.js';
import { isLocal, splitAddress } from './addresses.js';
import { onceALook, onceALookBy } from './once-a-look.js';
import { fresh } from './values.js';

/**
 * The service that serves an address: on this machine's loopback found by its port, elsewhere the container that has
 * the address on one of its networks, or had it until it stopped. Undefined when nobody we watch does.
 */
export const serviceAt = (
  history: History,
  address: string,
  protocol: 'tcp' | 'udp' = 'tcp',
): ServiceSample | undefined => servers[protocol](history, address);

/** Asked for by most modes, of the same few addresses. */
const servers = {
  tcp: onceALookBy((history: History, address: string) => serverOf(history, address, 'tcp')),
  udp: onceALookBy((history: History, address: string) => serverOf(history, address, 'udp')),
};

function serverOf(history: History, address: string, protocol: 'tcp' | 'udp'): ServiceSample | undefined {
  const services = fresh(history.latest.services)?.services ?? [];
  const { host, port } = splitAddress(address);
  const own = host.replace(/^\[|\]$/g, '');
  const networksOf = (service: ServiceSample) => service.container?.networks ?? [];
  const found = isLocal(address)
    ? services.filter(({ ports }) => ports.some((open) => open.port === port && open.protocol === protocol))
    : services.filter((service) => networksOf(service).some((network) => network.address === own));
  if (found.length > 0 || isLocal(address)) return runningFirst(found);
  return services.find((service) => formerAddressesOf(history, service).includes(own));
}

/** Addresses that it had until it stopped, and that nobody has been given since. */
export function formerAddressesOf(history: History, { container }: ServiceSample): string[] {
  const former = (container?.networks ?? []).flatMap(({ formerAddress }) => formerAddress ?? []);
  return former.length === 0 ? [] : former.filter((address) => !takenAddresses(history).has(address));
}

const takenAddresses = onceALook(
  (history): ReadonlySet<string> =>
    new Set((fresh(history.latest.services)?.services ?? []).flatMap(addressesOf)),
);

/** Of several that were given one port, the one that has it: the others do not run. */
const runningFirst = (found: readonly ServiceSample[]): ServiceSample | undefined =>
  found.find((service) => !isGone(service)) ?? found[0];

/** Addresses of a container on its networks; none for what is not a container. */
export const addressesOf = ({ container }: ServiceSample): string[] =>
  (container?.networks ?? []).flatMap(({ address }) => (address === null ? [] : [address]));

/** Whether it is in the host's own network: its sockets are the host's. */
export const isOnHost = ({ container }: ServiceSample): boolean =>
  (container?.networks ?? []).some(({ name }) => name === 'host');

/** The service of a name, or undefined. */
export const serviceOf = (history: History, name: string): ServiceSample | undefined =>
  byName(fresh(history.latest.services)?.services ?? []).get(name);

const named = new WeakMap<readonly ServiceSample[], ReadonlyMap<string, ServiceSample>>();

/** Asked for many times in each look: worked out once a sample. */
function byName(services: readonly ServiceSample[]): ReadonlyMap<string, ServiceSample> {
  const before = named.get(services);
  if (before) return before;
  // Of two of one name the first.
  const found = new Map(services.toReversed().map((service) => [service.name, service]));
  named.set(services, found);
  return found;
}

/**
 * What a person calls these services: replicas of a group by the group's name once all that run are among them, and
 * three names at most.
 */
export function groupNames(history: History, names: readonly string[]): string[] {
  const all = fresh(history.latest.services)?.services ?? [];
  const told = names.map((name) => {
    const group = all.find((service) => service.name === name)?.group;
    const members = all.filter((one) => group !== undefined && one.group === group && !isGone(one));
    const whole = members.length > 1 && members.every((one) => names.includes(one.name));
    return whole && group !== undefined ? group : name;
  });
  return [...new Set(told)];
}

/** The same as text: `todo-app`, `a and b`, `a, b, c and 2 more`. */
export const whoText = (history: History, names: readonly string[]): string =>
  listed(groupNames(history, names));

/** The same of those who ask: containers, and null for this host itself. */
export function clientsText(history: History, clients: readonly (string | null)[]): string {
  const names = clients.flatMap((name) => name ?? []);
  const here = clients.includes(null) ? ['this host'] : [];
  return [...here, ...(names.length > 0 ? [whoText(history, names)] : [])].join(' and ');
}

/** Whether its engine paused the container: a state that has a name of its own. */
export const isPausedContainer = ({ container, state }: ServiceSample): boolean =>
  container !== undefined && state === 'paused';

/** Whether its process is frozen by a signal (SIGSTOP; state `T` of /proc/PID/stat) or by its engine. */
export const isFrozen = (service: ServiceSample): boolean =>
  service.processState === 'T' || service.stopped !== undefined || service.state === 'paused';

/** Whether its process ended, or was ended. A state that its engine does not know is not that. */
export const isGone = (service: ServiceSample): boolean => service.state === 'exited';

/** Whether it ended and its engine waits to start it again: no process now, and none that a start would bring. */
export const isRestarting = (service: ServiceSample): boolean => service.container?.status === 'restarting';

/** Whether nobody can be answered by it: its process ended or is frozen. */
export const answersNobody = (service: ServiceSample): boolean =>
  isGone(service) || isFrozen(service) || isRestarting(service);

/** What its end means, without what is only added to it. */
const exitText = ({ meaning }: LastExit): string => meaning.split(';')[0] ?? meaning;

/** "state T, stopped by a signal", "frozen by the freezer of its cgroup"; of several that all of them are. */
export function stopText({
  by,
  processes,
}: {
  readonly by: 'signal' | 'freezer';
  readonly processes: number;
}) {
  const all = processes > 1 ? `all ${processes} working processes ` : '';
  return by === 'signal'
    ? `${all}state T, stopped by a signal`
    : `${all}frozen by the freezer of their cgroup`;
}

/** How something is frozen, to stand in a title: by its engine, by the freezer of its cgroup, by a signal. */
export function howFrozen(stopped: Parameters<typeof stopText>[0] | undefined, isPaused: boolean): string {
  if (isPaused) return 'its container is paused';
  if (stopped?.by === 'freezer') return 'the freezer of its cgroup holds its processes';
  if (stopped && stopped.processes > 1) return `its ${stopped.processes} processes are stopped by a signal`;
  return 'its process is stopped by a signal';
}

function frozenText({ stopped }: ServiceSample): string {
  if (stopped?.by === 'freezer') return 'processes frozen (by the freezer of their cgroup)';
  const many = stopped && stopped.processes > 1 ? `all ${stopped.processes} working processes` : 'process';
  return `${many} frozen (state T, stopped by a signal)`;
}

/** What is known of its process, in words: "process runs (state S, 12 % CPU)". */
export function processText(service: ServiceSample): string {
  if (isGone(service))
    return service.lastExit ? `process exited: ${exitText(service.lastExit)}` : 'no process';
  if (isRestarting(service)) {
    const last = service.lastExit ? `; last: ${exitText(service.lastExit)}` : '';
    return `is restarting: no process until its next try, ${plural(service.restarts, 'restart')} so far${last}`;
  }
  if (isPausedContainer(service)) return 'container paused (frozen by its cgroup)';
  if (isFrozen(service)) return frozenText(service);
  const cpu = service.cpuPercent === null ? '' : `, ${Math.round(service.cpuPercent)} % CPU`;
  if (service.processState !== null) return `process runs (state ${service.processState}${cpu})`;
  return `${service.container ? 'its container' : 'it'} runs${cpu === '' ? '' : ` (${cpu.slice(2)})`}`;
}
