import { joinHostPort } from '../../linux/ip-address.js';
import type { HalfOpen, ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { percentOf, plural } from '../../terminal/format.js';
import { isLocal } from './addresses.js';
import { apartFromHost } from './own-networks.js';
import { addressesOf, groupNames, serviceAt, serviceOf, whoText } from './services.js';
import { withUnit } from './units.js';
import { average, fresh } from './values.js';

/** What the kernel did about connections for which its queue of half-open ones had no room, a second. */
export interface SynPressure {
  /** Answered with a SYN cookie, which takes no room. */
  readonly cookies: number;
  /** Dropped without a word; those that found the queue of accepted ones full are not among them. */
  readonly dropped: number;
  /** The counter that says most. */
  readonly signal: string;
}

/** A listener with half-open connections, in a network whose queue of them has no room left. */
export interface CrowdedListener {
  readonly half: HalfOpen;
  /** Container in whose network it is; null for the host's. */
  readonly container: string | null;
  /** `address:port`, as its clients know it. */
  readonly id: string;
  readonly service: ServiceSample | undefined;
  /** Who listens, for a person. */
  readonly who: string;
  readonly pressure: SynPressure;
  /** Its accept queue is full: then what is half-open waits for accept(), and no client is to blame. */
  readonly unaccepted: boolean;
}

/** Undefined where the counters were not read in the last `ms`. */
export function synPressure(history: History, container: string | null, ms: number): SynPressure | undefined {
  const name = (counter: string): string =>
    `kernel.TcpExt.${counter}${container === null ? '' : `{${container}}`}`;
  const rate = (counter: string): number | undefined => average(history, name(counter), ms);
  const drops = rate('ListenDrops');
  const sent = rate('SyncookiesSent');
  if (drops === undefined && sent === undefined) return undefined;
  const cookies = Math.max(sent ?? 0, rate('TCPReqQFullDoCookies') ?? 0);
  const dropped = Math.max((drops ?? 0) - (rate('ListenOverflows') ?? 0), rate('TCPReqQFullDrop') ?? 0, 0);
  return { cookies, dropped, signal: name(cookies > dropped ? 'SyncookiesSent' : 'ListenDrops') };
}

/** The one listener of each network that has most of its half-open connections. */
export function crowdedListeners(history: History, ms: number): CrowdedListener[] {
  const own = fresh(history.latest.sockets);
  const networks = [
    { container: null, halfOpen: own?.halfOpen ?? [], listeners: own?.listeners ?? [] },
    ...apartFromHost(history).map(({ name, sockets }) => ({
      ...{ container: name, halfOpen: sockets?.halfOpen ?? [], listeners: sockets?.listeners ?? [] },
    })),
  ];
  return networks.flatMap(({ container, halfOpen, listeners }): CrowdedListener[] => {
    const [half] = halfOpen;
    const pressure = synPressure(history, container, ms);
    if (!half || !pressure) return [];
    const its = listeners.filter(({ port }) => port === half.port);
    const name = container ?? its.find(({ service }) => service !== null)?.service ?? null;
    const service = name === null ? undefined : serviceOf(history, name);
    const address = container === null ? half.address : ((service && addressesOf(service)[0]) ?? container);
    return [
      {
        ...{ half, container, service, pressure },
        id: joinHostPort(address, half.port),
        who: name ?? (half.process ? withUnit(half.process) : half.address),
        unaccepted: its.some(({ queued, backlog }) => backlog !== null && backlog > 0 && queued > backlog),
      },
    ];
  });
}

/** Who asks, of the half-open connections of a listener. */
export interface Askers {
  /** Workloads of this machine among them, and their part of all, 0 to 1. */
  readonly known: readonly string[];
  readonly knownShare: number;
  /** For a person: `97 % from 12 containers of api`. */
  readonly text: string;
}

/** `half` of the few clients that ask for most of them; the rest may be anybody, with an address that is not theirs. */
export function askersOf(history: History, { peers, count, clients }: HalfOpen): Askers {
  const named = peers.map((one) => ({ ...one, name: nameOf(history, one.peer) }));
  const known = [...new Set(named.flatMap(({ name }) => name ?? []))];
  const sum = (some: readonly { readonly count: number }[]): number =>
    some.reduce((all, one) => all + one.count, 0);
  const knownShare = sum(named.filter(({ name }) => name !== null)) / Math.max(1, count);
  if (known.length > 0 && knownShare >= 0.5) {
    const [group, ...others] = groupNames(history, known);
    const many =
      known.length > 1 && others.length === 0
        ? `${known.length} containers of ${group}`
        : whoText(history, known);
    return { known, knownShare, text: `${percentOf(knownShare)} from ${many}` };
  }
  const top = peers.slice(0, 3);
  const text =
    clients <= top.length || sum(top) >= 0.8 * count
      ? `${percentOf(sum(top) / Math.max(1, count))} from ${top.map(({ peer }) => peer).join(', ')}`
      : `from ${plural(clients, 'address', 'addresses')}, none of them known here`;
  return { known, knownShare, text };
}

const nameOf = (history: History, peer: string): string | null =>
  isLocal(`${peer}:0`) ? 'this host' : (serviceAt(history, `${peer}:0`)?.name ?? null);
