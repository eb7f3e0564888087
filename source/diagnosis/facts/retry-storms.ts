import { joinHostPort } from '../../linux/ip-address.js';
import { edgeSignals } from '../../probes/edges/series.js';
import type { History } from '../../store/history.js';
import { isLocal } from './addresses.js';
import { edges, type NamedEdge } from './edges.js';
import { holderText, ownEdges } from './own-edges.js';
import { earliest, known, sum } from './values.js';

/** From when tries that are made again are a storm. */
export interface StormBounds {
  /** So many attempts in this time: fewer are no load. */
  readonly attempts: { readonly value: number; readonly windowMs: number };
  /** So many for each request that comes in, and from when it has an end. */
  readonly multiplied: { readonly raise: number; readonly clear: number };
  /** Share of them that end without an answer. */
  readonly inVain: { readonly value: number };
  /** Attempts that were answered, for each request that comes in, at most: more are many calls by design. */
  readonly once: { readonly value: number };
  /** The server sent something within this time: one that is silent is a failure of its own. */
  readonly alive: { readonly windowMs: number };
  /** How far back the first attempt in vain is looked for. */
  readonly began: { readonly windowMs: number };
}

/** A server that is asked many times for each request that comes to its clients, mostly in vain, and still works. */
export interface RetryStorm {
  /** One of the edges that lead there, and its `address:port`. */
  readonly edge: NamedEdge;
  readonly address: string;
  /** Who asks, and the workloads among them. */
  readonly callers: readonly string[];
  readonly workloads: readonly string[];
  /** In the window: requests that came to them, attempts that they made of these, and attempts that got no answer. */
  readonly came: number;
  readonly attempts: number;
  readonly inVain: number;
  /** Attempts for each request that came. */
  readonly times: number;
  /** Segments that the server sent in the last seconds: it works. */
  readonly sent: number;
  /** Wall-clock ms of the first attempt in vain. */
  readonly since: number | null;
  /** Ports of this host that the callers serve, where they are no workloads. */
  readonly ports: readonly number[];
}

interface Caller {
  readonly edge: NamedEdge;
  readonly ports: readonly number[];
  readonly came: number;
  readonly attempts: number;
  readonly inVain: number;
}

/** The servers that are asked so, each with all who do. */
export function retryStorms(history: History, bounds: StormBounds): RetryStorm[] {
  const byServer = new Map<string, Caller[]>();
  for (const caller of callersOf(history, bounds)) {
    const { multiplied, inVain, once } = bounds;
    const { came, attempts } = caller;
    if (attempts < multiplied.clear * came || caller.inVain < inVain.value * attempts) continue;
    if (attempts - caller.inVain > once.value * came) continue;
    const key = serverOf(caller.edge);
    byServer.set(key, [...(byServer.get(key) ?? []), caller]);
  }
  return [...byServer.values()].flatMap((callers) => stormOf(history, callers, bounds) ?? []);
}

/** How often the busiest server is asked for each request that comes to who asks, as text; undefined where nobody is. */
export function askedOnce(history: History, bounds: StormBounds): string | undefined {
  const [most] = callersOf(history, bounds).sort((a, b) => b.attempts - a.attempts);
  if (!most || most.attempts >= bounds.multiplied.clear * most.came) return undefined;
  const times = (most.attempts / most.came).toFixed(1);
  return `${holderText(most.edge)} connects to ${most.edge.peerText} ${times} times for each request that comes in`;
}

/** Everybody who is asked, and asks a server himself. */
function callersOf(history: History, { attempts: { windowMs } }: StormBounds): Caller[] {
  const all = new Map(
    edges(history).flatMap((edge) => (edge.direction === 'out' ? [[edge.label, edge]] : [])),
  );
  return [...all.values()].flatMap((edge): Caller[] => {
    const { opened, failed, givenUp } = edgeSignals(edge.label);
    const [cameAbout, refused, left] = [opened, failed, givenUp].map((one) => sum(history, one, windowMs));
    const attempts = (cameAbout ?? 0) + (refused ?? 0);
    if (attempts === 0) return [];
    const { came } = ownEdges(history, edge);
    // One that is kept open carries more requests than it is opened; what has a body is more than one segment.
    const requests = came.reduce((all, { label }) => {
      const its = edgeSignals(label);
      return all + Math.max(sum(history, its.opened, windowMs), sum(history, its.received, windowMs));
    }, 0);
    if (requests === 0) return [];
    return [
      {
        edge,
        ports: [...new Set(came.map(({ port }) => port))],
        ...{ came: requests, attempts, inVain: Math.min(attempts, (refused ?? 0) + (left ?? 0)) },
      },
    ];
  });
}

const serverOf = ({ inside, peer, port, peerName }: NamedEdge): string =>
  `${peerName ?? (isLocal(`${peer}:${port}`) ? `${inside ?? ''} ${peer}` : peer)}:${port}`;

function stormOf(
  history: History,
  callers: readonly Caller[],
  { attempts: least, multiplied, alive, began }: StormBounds,
): RetryStorm | undefined {
  const edge = callers[0]?.edge;
  const add = (figure: 'came' | 'attempts' | 'inVain'): number =>
    callers.reduce((all, one) => all + one[figure], 0);
  const [came, attempts, inVain] = [add('came'), add('attempts'), add('inVain')];
  const sent = edge ? sentBy(history, edge, callers, alive.windowMs) : 0;
  if (!edge || sent === 0 || attempts < least.value || attempts < multiplied.clear * came) return undefined;
  const firstInVain = callers.flatMap(({ edge: { label } }) =>
    [edgeSignals(label).givenUp, edgeSignals(label).failed].map(
      (signal) => known(history, signal, began.windowMs).find(({ value }) => value > 0)?.at,
    ),
  );
  return {
    ...{ edge, came, attempts, inVain, sent, times: attempts / came },
    address: joinHostPort(edge.peer, edge.port),
    callers: [...new Set(callers.map((one) => holderText(one.edge)))],
    workloads: [...new Set(callers.flatMap((one) => one.edge.owner ?? []))],
    since: earliest(...firstInVain),
    ports: [...new Set(callers.flatMap(({ edge: { owner }, ports }) => (owner === null ? ports : [])))],
  };
}

/** Segments that a server sent lately: answers to these callers, or to connections that they have left already. */
function sentBy(history: History, edge: NamedEdge, callers: readonly Caller[], ms: number): number {
  const answers = callers.map((one) => sum(history, edgeSignals(one.edge.label).received, ms));
  const itsOwn = edges(history).filter(
    ({ direction, port, inside }) =>
      direction === 'in' &&
      port === edge.port &&
      (isLocal(`${edge.peer}:${port}`)
        ? inside === edge.inside
        : inside !== null && inside === edge.peerName),
  );
  const sent = new Set(itsOwn.map(({ label }) => label));
  return Math.max(
    answers.reduce((all, one) => all + one, 0),
    [...sent].reduce((all, label) => all + sum(history, edgeSignals(label).sent, ms), 0),
  );
}
