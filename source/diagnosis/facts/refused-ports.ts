import { joinHostPort } from '../../linux/ip-address.js';
import { type KindOfDatastore, kindOfPort } from '../../probes/datastores/kinds.js';
import { edgeSignals } from '../../probes/edges/series.js';
import type { ServiceSample } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { placeOf as placeOfAddress } from '../places.js';
import { isLocal } from './addresses.js';
import { aroundListener, aroundWorkloads, outsideContainers } from './blast-radius.js';
import { edges, type NamedEdge } from './edges.js';
import { now } from './fixes.js';
import { insideOf } from './inside.js';
import { onceALookBy } from './once-a-look.js';
import { addressesOf, isGone, isRestarting, serviceOf } from './services.js';
import { earliest, fresh, known } from './values.js';

/** A port at which nobody listens, or lets anybody connect, and that somebody asks for again and again. */
export interface RefusedPort {
  /** `host:port`, as others on its network ask for it. */
  readonly address: string;
  readonly port: number;
  /** The database or broker that has this port, where it is one's. */
  readonly kind: KindOfDatastore | undefined;
  /** The container in whose network it is; undefined for this host's, and away. */
  readonly service: ServiceSample | undefined;
  /** Nobody listens there; false where that is not seen, only that all attempts fail and no SYN waited for its answer. */
  readonly seen: boolean;
  /** Who asks, as their sockets show them. */
  readonly askers: readonly string[];
  /** Workloads among them. */
  readonly workloads: readonly string[];
  /** Attempts in the window, and the wall-clock ms of the first. */
  readonly attempts: number;
  readonly since: number | null;
}

/** How many attempts, in how long (ms), and how young (ms) a container is that may still be starting. */
export interface RefusedBounds {
  readonly attempts: { readonly value: number; readonly windowMs: number };
  readonly starting: { readonly value: number };
}

/** In whose network a server would be: a container's, this host's, or elsewhere. */
interface Place {
  readonly service: ServiceSample | undefined;
  readonly away: boolean;
}

interface Asked extends Place {
  readonly seen: boolean;
  readonly port: number;
  readonly edges: NamedEdge[];
}

/** Ports at which nobody is seen to listen while connections to them fail, and none came about since. */
export const refusedPorts = onceALookBy((history, bounds: RefusedBounds): readonly RefusedPort[] => {
  const byPort = new Map<string, Asked>();
  for (const edge of edges(history)) {
    const at = edge.direction === 'out' ? placeOf(history, edge) : undefined;
    const listens = at && isListenedAt(history, at, edge.port);
    if (!at || listens) continue;
    const key = `${at.away ? edge.peer : (at.service?.name ?? '')}:${edge.port}`;
    const asked = byPort.get(key) ?? { ...at, seen: listens === false, port: edge.port, edges: [] };
    asked.edges.push(edge);
    byPort.set(key, asked);
  }
  return [...byPort.values()].flatMap((asked) => refused(history, asked, bounds) ?? []);
});

/** Those at which nobody is seen to listen, but for databases, which are judged as what they are, and for what is `told` of. */
export function refusedServers(
  history: History,
  bounds: RefusedBounds,
  told: readonly string[],
): RefusedPort[] {
  const places = told.map(placeOfAddress);
  return refusedPorts(history, bounds).filter(
    ({ kind, seen, address }) => kind === undefined && seen && !places.includes(placeOfAddress(address)),
  );
}

/** Undefined where that is not known. */
function placeOf(history: History, { inside, peer, port, peerName }: NamedEdge): Place | undefined {
  const local = isLocal(`${peer}:${port}`);
  // What a container publishes here is led there, whoever listens on the host.
  if (local && inside === null && peerName !== null) return undefined;
  const name = local ? inside : peerName;
  if (name === null) return { service: undefined, away: !local };
  const service = serviceOf(history, name);
  return service?.container ? { service, away: false } : undefined;
}

/** Whether somebody listens there, in whatever family; undefined where that cannot be seen. */
function isListenedAt(history: History, { service, away }: Place, port: number): boolean | undefined {
  if (away) return undefined;
  const sockets = service ? insideOf(history, service.name)?.sockets : fresh(history.latest.sockets);
  return sockets?.listeners.some((listener) => listener.port === port);
}

function refused(
  history: History,
  { service, away, seen, port, edges: all }: Asked,
  { attempts: { value, windowMs }, starting }: RefusedBounds,
): RefusedPort | undefined {
  // What ended is told of by its own mode.
  if (service && (isGone(service) || isRestarting(service))) return undefined;
  if (service && service.ageMs !== null && service.ageMs < starting.value) return undefined;
  const opened = all.flatMap(({ label }) => known(history, edgeSignals(label).opened, windowMs));
  const lastCame = Math.max(0, ...opened.filter((point) => point.value > 0).map(({ at }) => at));
  // What came about before the first refusal says nothing of now.
  const tries = all
    .flatMap(({ label }) => known(history, edgeSignals(label).failed, windowMs))
    .filter(({ at }) => at > lastCame);
  const attempts = tries.reduce((sum, point) => sum + point.value, 0);
  const looks = new Set(tries.map(({ at }) => at)).size;
  const came = all.some(({ states, synSent }) => (states.ESTAB ?? 0) > 0 || synSent.retried > 0);
  if (came || looks < 2 || attempts < value || (!seen && waitedForSyn(history, all, windowMs)))
    return undefined;
  const owners = all.flatMap(({ owner, units, processes }) => owner ?? units ?? processes ?? []);
  const host = service ? (addressesOf(service)[0] ?? service.name) : away ? all[0]?.peer : '127.0.0.1';
  return {
    address: joinHostPort(host ?? '', port),
    ...{ port, kind: kindOfPort(port), service, seen, attempts },
    askers: owners.length > 0 ? [...new Set(owners)] : ['this host'],
    workloads: [...new Set(all.flatMap(({ owner }) => owner ?? []))],
    since: earliest(...tries.map(({ at }) => at)),
  };
}

/** Whether a SYN waited for its answer: then what is on the way may have swallowed them all. */
const waitedForSyn = (history: History, all: readonly NamedEdge[], windowMs: number): boolean =>
  all.some(({ label }) =>
    known(history, edgeSignals(label).synSent, windowMs).some(({ value }) => value > 0),
  );

/** What a port at which nobody listens can cause: there, at whoever asks for it, and on the host where it is one of its own. */
export const aroundRefused = (history: History, { address, service, workloads }: RefusedPort): string[] => [
  ...aroundListener(history, address),
  ...aroundWorkloads(history, [
    ...workloads.flatMap((name) => serviceOf(history, name) ?? []),
    ...(service ? [service] : []),
  ]),
  ...(service ? [] : outsideContainers(history)),
];

/** Where to look for who should listen there. */
export const refusedFix = ({ service, port }: RefusedPort): Fix =>
  service
    ? now(
        `see what ${service.name} says of it, and what runs in it`,
        `docker logs --tail 50 ${service.name}; docker top ${service.name}`,
      )
    : now(`start what served port ${port} again`, 'systemctl --failed   # what has ended; start that');
