import { joinHostPort } from '../../linux/ip-address.js';
import { edgeSignals } from '../../probes/edges/series.js';
import type { History } from '../../store/history.js';
import type { Point } from '../../store/series.js';
import { placeOf, workloadPlace } from '../places.js';
import { type AskedServer, areAskedAsOften, askedServers, countOf, isAlike } from './alike-servers.js';
import { aroundClients } from './blast-radius.js';
import type { NamedEdge } from './edges.js';
import { type Ending, endings } from './events.js';
import { targets } from './http.js';
import { holderText, ownEdges } from './own-edges.js';
import { serviceAt } from './services.js';
import { known } from './values.js';

/** From when bursts of failed connections are gaps between a server's end and its client's knowledge of it. Times are ms. */
export interface GapBounds {
  /** So many servers of one kind were away, one after the other, within this time. */
  readonly replaced: { readonly value: number; readonly windowMs: number };
  /** A server is away for so long at most: what lasts is no gap. */
  readonly longest: { readonly value: number };
  /** Failures so close to each other are of one gap; what happens so shortly beside it belongs to it. */
  readonly beside: { readonly value: number };
  /** Times that one server is away at most: what comes and goes more often does so by itself. */
  readonly times: { readonly value: number };
  /** Failed attempts whose requests nobody asked another server for, at least. */
  readonly unmasked: { readonly value: number };
  /** And as a share of those that failed. */
  readonly unmaskedShare: { readonly value: number };
}

/** A server that took no connections for a moment, while its client sent it some. */
export interface Gap {
  readonly edge: NamedEdge;
  /** Wall-clock ms of the first look that showed it, and of the last. */
  readonly from: number;
  readonly to: number;
  readonly failed: number;
  /** It took connections since, or nobody sends to it any more. */
  readonly isOver: boolean;
  /** How its container ended then, where that is known. */
  readonly ending: Ending | undefined;
}

/** A client whose servers were replaced one after the other, and to each of which it sent what nobody took. */
export interface DrainGaps {
  readonly edge: NamedEdge;
  /** Who asks: a workload, a process, or, where neither is seen, whoever serves the target that feels it. */
  readonly who: string;
  readonly gaps: readonly [Gap, ...Gap[]];
  /** Servers that had one. */
  readonly servers: readonly string[];
  /** Attempts at them that failed, and connections that came about in the window. */
  readonly failed: number;
  readonly opened: number;
  /** What the client's own callers met: targets with the requests that failed in a gap; and failed attempts that stood for a request. */
  readonly felt: readonly Felt[];
  readonly unmasked: number;
  /** Places of the client, and of the servers. */
  readonly places: readonly string[];
  readonly at: readonly string[];
}

/** A target, `host:port` of it, and how many of its requests failed while a server was away. */
export interface Felt {
  readonly target: string;
  readonly address: string;
  readonly failed: number;
  readonly of: number;
}

/** The clients that lose requests whenever one of their servers is replaced. */
export function drainGaps(history: History, bounds: GapBounds): DrainGaps[] {
  const asked = askedServers(history, bounds.replaced.windowMs);
  const told = new Set<string>();
  return asked.flatMap((one): DrainGaps[] => {
    if (told.has(one.edge.label) || one.failed.length === 0) return [];
    const group = [one, ...asked.filter((other) => mayBeAlike(one, other))];
    for (const { edge } of group) told.add(edge.label);
    const gaps = group.flatMap((server) => gapsOf(history, server, group, bounds));
    const found = gapsTold(history, one.edge, group, gaps, bounds);
    return found ? [found] : [];
  });
}

/**
 * Of a client whose connections are too short for anybody to be seen with them, what it asks as often may be of one kind:
 * here alone, where more is to be shown than that.
 */
function mayBeAlike(one: AskedServer, other: AskedServer): boolean {
  if (isAlike(one, other)) return true;
  const [a, b] = [one.edge, other.edge];
  const isUnknown = a.owner === null && b.owner === null && !(a.processes ?? b.processes);
  return isUnknown && a.label !== b.label && a.inside === b.inside && areAskedAsOften(one, other);
}

function gapsTold(
  history: History,
  edge: NamedEdge,
  group: readonly AskedServer[],
  gaps: readonly Gap[],
  bounds: GapBounds,
): DrainGaps | undefined {
  const [first, ...others] = [...gaps].sort((a, b) => a.from - b.from);
  const servers = [...new Set([first, ...others].flatMap((gap) => gap?.edge.peerText ?? []))];
  // More than one that is still away is an outage, whoever ended them.
  const away = gaps.filter(({ isOver }) => !isOver).length;
  if (!first || servers.length < bounds.replaced.value || away > 1) return undefined;
  const { owner } = edge;
  const { came } = ownEdges(history, edge);
  const ports = [...new Set(came.map(({ port }) => port))];
  const sorted = [first, ...others] as const;
  const isKnown = owner !== null || came.length > 0;
  const own =
    owner !== null ? aroundClients(history, [owner]) : ports.map((port) => placeOf(`127.0.0.1:${port}`));
  const felt = feltIn(history, isKnown ? own : undefined, sorted, bounds);
  const served = isKnown ? undefined : felt[0]?.address;
  const places = isKnown ? own : felt.map(({ address }) => placeOf(address));
  const server = served === undefined ? undefined : serviceAt(history, served);
  const unmasked = unmaskedIn(history, group, came, sorted, bounds);
  if (felt.length === 0 && unmasked === 0) return undefined;
  return {
    ...{ edge, gaps: sorted, servers, felt, unmasked },
    who: server?.name ?? served ?? holderText(edge),
    places: [...places, ...(server ? [workloadPlace(server.name)] : [])],
    at: gaps.flatMap(({ edge: { peer, port, peerName } }) => [
      placeOf(joinHostPort(peer, port)),
      ...(peerName === null ? [] : [workloadPlace(peerName)]),
    ]),
    failed: countOf(group.flatMap(({ failed }) => failed)),
    opened: countOf(group.flatMap(({ opened }) => opened)),
  };
}

/** When one server was away, while another one of its kind served: none where it comes and goes by itself. */
function gapsOf(
  history: History,
  { edge, failed, opened }: AskedServer,
  group: readonly AskedServer[],
  { longest, beside, times }: GapBounds,
): Gap[] {
  const runs: Point[][] = [];
  for (const point of failed) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && point.at - last.at <= beside.value) run.push(point);
    else runs.push([point]);
  }
  if (runs.length > times.value) return [];
  return runs.flatMap((run): Gap[] => {
    const [from, to] = [run[0]?.at ?? 0, run.at(-1)?.at ?? 0];
    const served = opened.some(({ at }) => at <= from);
    const meanwhile = group.some(
      (other) =>
        other.edge.label !== edge.label &&
        other.opened.some(({ at }) => at >= from && at <= to + beside.value) &&
        !other.failed.some(({ at }) => at >= from && at <= to),
    );
    const ending = endingOf(history, edge, from - beside.value, to);
    const isOrderly = ending === undefined || ending.kind === 'stopped' || ending.kind === 'retired';
    if (!served || !meanwhile || !isOrderly || to - from > longest.value) return [];
    const isOver = opened.some(({ at }) => at > to) || history.now - to > beside.value;
    return [{ edge, from, to, failed: countOf(run), isOver, ending }];
  });
}

const endingOf = (history: History, { peerName }: NamedEdge, from: number, to: number): Ending | undefined =>
  peerName === null
    ? undefined
    : endings(history).find(
        ({ workload, beganAt, at }) => workload === peerName && at >= from && beganAt <= to,
      );

/** Targets at these places (absent: anywhere), each request of which that failed was asked in a gap. */
function feltIn(
  history: History,
  places: readonly string[] | undefined,
  gaps: readonly Gap[],
  { replaced, beside }: GapBounds,
): Felt[] {
  return targets(history).flatMap(({ target, address }) => {
    if (places && !places.includes(placeOf(address))) return [];
    const points = known(history, `http.requests{${target}}`, replaced.windowMs);
    const failed = points.filter(({ value }) => value === 0);
    const inGap = ({ at }: Point): boolean =>
      gaps.some(({ from, to }) => at >= from - beside.value && at <= to + beside.value);
    return failed.length > 0 && failed.every(inGap)
      ? [{ target, address, failed: failed.length, of: points.length }]
      : [];
  });
}

/** A client that connects for each request makes so many attempts for one, within this share. */
const ONCE = { least: 0.8, most: 1.25 };

/**
 * Failed attempts of gaps that no other attempt was made for, where the client connects for each request: as many as
 * requests came, and not more. 0 where that cannot be told, and where the failures were made good at another server.
 */
function unmaskedIn(
  history: History,
  group: readonly AskedServer[],
  came: readonly NamedEdge[],
  gaps: readonly Gap[],
  { replaced, unmasked, unmaskedShare, beside }: GapBounds,
): number {
  const requests = came.flatMap(({ label }) => {
    const [opened, received] = [edgeSignals(label).opened, edgeSignals(label).received].map((signal) =>
      known(history, signal, replaced.windowMs),
    );
    return countOf(opened ?? []) > 0 ? (opened ?? []) : (received ?? []);
  });
  const opened = group.flatMap((one) => one.opened);
  const attempts = [...opened, ...group.flatMap((one) => one.failed)];
  const inGap = ({ at }: Point): boolean =>
    gaps.some(({ from, to }) => at >= from - beside.value && at <= to + beside.value);
  const usual = (points: readonly Point[]): number => countOf(points.filter((point) => !inGap(point)));
  const ratio = usual(attempts) / usual(requests);
  if (!(ratio >= ONCE.least && ratio <= ONCE.most)) return 0;
  const failed = gaps.reduce((all, gap) => all + gap.failed, 0);
  // Health checks are attempts as well, at all times.
  const again = countOf(attempts.filter(inGap)) - ratio * countOf(requests.filter(inGap));
  const left = Math.round(failed - Math.max(0, again));
  return left >= unmasked.value && left >= unmaskedShare.value * failed ? left : 0;
}
