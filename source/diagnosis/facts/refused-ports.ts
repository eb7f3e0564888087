import { kindOfPort } from '../../probes/datastores/kinds.js';
import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { isLocal } from './addresses.js';
import { edges, type NamedEdge } from './edges.js';
import { insideOf } from './inside.js';
import { addressesOf, isGone, isRestarting, serviceOf } from './services.js';
import { earliest, fresh, known } from './values.js';

/** A port at which nobody listens, and that somebody asks for again and again. */
export interface RefusedPort {
  /** `host:port`, as others on its network ask for it. */
  readonly address: string;
  readonly port: number;
  /** The container in whose network it is; undefined for this host's. */
  readonly service: ServiceSample | undefined;
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

interface Asked {
  readonly service: ServiceSample | undefined;
  readonly port: number;
  readonly edges: NamedEdge[];
}

/**
 * Ports of this host and of running containers at which nobody listens while connections to them fail, and none came
 * about meanwhile. Databases are left out: they are judged as what they are.
 */
export function refusedPorts(history: History, bounds: RefusedBounds): RefusedPort[] {
  const byPort = new Map<string, Asked>();
  for (const edge of edges(history)) {
    if (edge.direction !== 'out' || kindOfPort(edge.port)) continue;
    const at = placeOf(history, edge);
    if (!at || isListenedAt(history, at.service, edge.port)) continue;
    const key = `${at.service?.name ?? ''}:${edge.port}`;
    const asked = byPort.get(key) ?? { ...at, port: edge.port, edges: [] };
    asked.edges.push(edge);
    byPort.set(key, asked);
  }
  return [...byPort.values()].flatMap((asked) => refused(history, asked, bounds) ?? []);
}

/** In whose network a server would be: this host's, or a container's; undefined where that is not known. */
function placeOf(
  history: History,
  { inside, peer, port, peerName }: NamedEdge,
): { readonly service: ServiceSample | undefined } | undefined {
  const local = isLocal(`${peer}:${port}`);
  // What a container publishes here is led there, whoever listens on the host.
  if (local && inside === null && peerName !== null) return undefined;
  const name = local ? inside : peerName;
  if (name !== null) {
    const service = serviceOf(history, name);
    return service?.container ? { service } : undefined;
  }
  return local ? { service: undefined } : undefined;
}

/** Whether somebody listens there, in whatever family; also where that cannot be seen. */
function isListenedAt(history: History, service: ServiceSample | undefined, port: number): boolean {
  const sockets = service ? insideOf(history, service.name)?.sockets : fresh(history.latest.sockets);
  return sockets?.listeners.some((listener) => listener.port === port) ?? true;
}

function refused(
  history: History,
  { service, port, edges: all }: Asked,
  { attempts: { value, windowMs }, starting }: RefusedBounds,
): RefusedPort | undefined {
  // What ended is told of by its own mode.
  if (service && (isGone(service) || isRestarting(service))) return undefined;
  if (service && service.ageMs !== null && service.ageMs < starting.value) return undefined;
  const opened = all.flatMap(({ label }) => known(history, `edge.opened${label}`, windowMs));
  const lastCame = Math.max(0, ...opened.filter((point) => point.value > 0).map(({ at }) => at));
  // What came about before the first refusal says nothing of now.
  const tries = all
    .flatMap(({ label }) => known(history, `edge.failed${label}`, windowMs))
    .filter(({ at }) => at > lastCame);
  const attempts = tries.reduce((sum, point) => sum + point.value, 0);
  const looks = new Set(tries.map(({ at }) => at)).size;
  const came = all.some(({ states, synSent }) => (states.ESTAB ?? 0) > 0 || synSent.retried > 0);
  if (came || looks < 2 || attempts < value) return undefined;
  const owners = all.flatMap(({ owner, processes }) => owner ?? processes ?? []);
  return {
    address: `${service ? (addressesOf(service)[0] ?? service.name) : '127.0.0.1'}:${port}`,
    ...{ port, service, attempts },
    askers: owners.length > 0 ? [...new Set(owners)] : ['this host'],
    workloads: [...new Set(all.flatMap(({ owner }) => owner ?? []))],
    since: earliest(...tries.map(({ at }) => at)),
  };
}
