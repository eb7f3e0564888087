import { edgeLabel, edgeSignals } from '../../probes/edges/series.js';
import { type Edge, type Edges, peerOf, type ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { isLocal } from './addresses.js';
import { insides } from './inside.js';
import { onceALook } from './once-a-look.js';
import { addressesOf, formerAddressesOf, isFrozen, serviceOf } from './services.js';
import { fresh, sum } from './values.js';

/** An edge with the names of those at its ends. */
export interface NamedEdge extends Edge {
  /** Container in whose network it was seen; null for the host's. */
  readonly inside: string | null;
  /** Workload at our end: the container, or who holds the sockets on the host; null where that is not known. */
  readonly owner: string | null;
  /** Workload at the other end; null where its address is none that we know. */
  readonly peerName: string | null;
  /** Behind the names of its series: `{api→10.0.0.3:5432}`. */
  readonly label: string;
  /** `db` where that is known, else `10.0.0.3:5432`. */
  readonly peerText: string;
}

/** Every edge that was seen lately, the host's and those of each container. */
export const edges = onceALook((history): readonly NamedEdge[] => {
  const names = namesOf(history);
  const host = fresh(history.latest.sockets)?.edges;
  return [
    ...named(host, null, names),
    ...insides(history).flatMap(({ name, sockets }) => named(sockets?.edges, name, names)),
  ];
});

/** What was read is looked at many times before it is read again, and who has which address seldom changes. */
const namedBefore = new WeakMap<Edges, readonly NamedEdge[]>();

function named(read: Edges | undefined, inside: string | null, names: Names): readonly NamedEdge[] {
  if (!read) return [];
  const before = namedBefore.get(read);
  const all = read.list.map((edge, i) => {
    const peerName = names.peerOf(edge, inside);
    const known = before?.[i];
    if (known?.peerName === peerName && known.inside === inside) return known;
    const owner = inside ?? edge.owner;
    return {
      ...edge,
      ...{ inside, owner, peerName, label: edgeLabel(owner ?? 'host', edge) },
      peerText: peerName ?? peerOf(edge),
    };
  });
  namedBefore.set(read, all);
  return all;
}

interface Names {
  peerOf(edge: Edge, inside: string | null): string | null;
}

/** Who has which address. On a loopback it is the container itself, or who listens there on the host. */
function namesOf(history: History): Names {
  const services = fresh(history.latest.services)?.services ?? [];
  const byAddress = new Map<string, string>();
  for (const service of services) {
    for (const address of addressesOf(service)) byAddress.set(address, service.name);
    for (const address of formerAddressesOf(history, service))
      if (!byAddress.has(address)) byAddress.set(address, service.name);
  }
  const onHost = portsOnHost(services);
  return {
    peerOf({ peer, port, direction }, inside) {
      if (!isLocal(`${peer}:${port}`)) return byAddress.get(peer) ?? null;
      if (inside !== null) return inside;
      return direction === 'out' ? (onHost.get(port) ?? null) : null;
    },
  };
}

const portsOnHost = (services: readonly ServiceSample[]): ReadonlyMap<number, string> =>
  new Map(
    services.flatMap(({ name, ports }) =>
      ports.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => [port, name] as const),
    ),
  );

/** What an edge carried over some time: data segments sent, those sent again among them, and handshakes. */
export interface Flow {
  readonly sent: number;
  readonly resent: number;
  readonly opened: number;
  readonly lateOpened: number;
  /** Sent again as a share of what was sent, in percent, at most 100; undefined where too little was sent to tell. */
  readonly percent: number | undefined;
}

/** Fewer data segments give no share. */
export const LEAST_SEGMENTS = 20;

/** What an edge carried in the last `ms`. A SYN without an answer is no part of it. */
export function flowOf(history: History, { label }: Pick<NamedEdge, 'label'>, ms: number): Flow {
  const signals = edgeSignals(label);
  const all = (signal: string): number => sum(history, signal, ms);
  const sent = all(signals.sent);
  const resent = sent > 0 ? Math.min(sent, all(signals.resent)) : 0;
  const percent = sent >= LEAST_SEGMENTS ? (100 * resent) / sent : undefined;
  const opened = all(signals.opened);
  return { sent, resent, percent, opened, lateOpened: opened > 0 ? all(signals.lateOpened) : 0 };
}

/** One that waits for another, as its sockets show it. */
export interface Wait {
  readonly waiter: string;
  /** Workload that it waits for, or `address:port`. */
  readonly on: string;
  readonly edge: NamedEdge;
  /**
   * `syn`: its SYN is not answered; `unacked`: what it sent is not acknowledged, however often it is sent again;
   * `frozen`: what it asked is not answered, and the other's process is stopped or paused.
   */
  readonly because: 'syn' | 'unacked' | 'frozen';
  /** So long at least; null where that is not known. */
  readonly forMs: number | null;
}

/** A frozen peer answers nothing; a request that is younger (ms) may still have been answered before it froze. */
const UNANSWERED_MS = 1_000;

/** Who waits for whom now; each edge once, for what is surest. */
export function waitsFor(history: History): Wait[] {
  return edges(history).flatMap((edge): Wait[] => {
    if (edge.direction !== 'out') return [];
    const waiter = edge.owner ?? 'this host';
    const found = waitOf(history, edge);
    return found ? [{ waiter, on: edge.peerText, edge, ...found }] : [];
  });
}

function waitOf(history: History, edge: NamedEdge): Pick<Wait, 'because' | 'forMs'> | undefined {
  const { synSent, stalled, unanswered, peerName } = edge;
  if (synSent.retried > 0) return { because: 'syn', forMs: synSent.ageMs };
  if (stalled !== null && stalled > 0) return { because: 'unacked', forMs: edge.idleMs?.most ?? null };
  const peer = peerName === null ? undefined : serviceOf(history, peerName);
  const asked = unanswered !== null && unanswered.count > 0 && unanswered.longestMs >= UNANSWERED_MS;
  return peer && isFrozen(peer) && asked ? { because: 'frozen', forMs: unanswered.longestMs } : undefined;
}
