import { joinHostPort } from '../../linux/ip-address.js';
import type { History } from '../../store/history.js';
import { inShort } from '../../terminal/format.js';
import { edges, flowOf, type NamedEdge } from './edges.js';
import { failing, type TargetView } from './http.js';
import { insideOf, networksInside } from './inside.js';
import { isVisitor } from './links.js';
import { addressesOf, serviceAt, serviceOf } from './services.js';
import { lookOf, throughBefore } from './through.js';
import { earliest, known } from './values.js';

/** From when what a sender sends again and again is too large for its way. */
export interface TooLargeBounds {
  /** Connections towards one peer that wait for a full-size segment, and towards one from afar that nobody knows. */
  readonly stuck: { readonly value: number };
  readonly stuckFromAfar: { readonly value: number };
  /** Bytes of data in a segment that passes any way there is. */
  readonly anyWay: { readonly value: number };
  /** Small packets that got through within this time (ms), before the last large one was sent again. */
  readonly small: { readonly windowMs: number };
  /** Share of new connections that needed a second try: above it small packets get lost as well. */
  readonly late: { readonly value: number };
}

/** A way on which small packets arrive and full-size ones do not, by the sender's edge. */
export interface NarrowWay {
  readonly edge: NamedEdge;
  readonly count: number;
  /** Bytes of data in a segment that does not arrive. */
  readonly bytes: number;
  /** New connections and requests that got through meanwhile. */
  readonly through: number;
  /** Wall-clock ms at which the first segment was sent that is not acknowledged. */
  readonly since: number;
}

/** A network in which packets may be smaller than what is sent: a container on the way, and its bound in bytes. */
export interface NarrowNetwork {
  readonly name: string;
  readonly mtu: number;
}

/** A sender whose large packets get lost. */
export interface TooLarge {
  /** Workload that sends; null for this host, or where only its answers were asked for. */
  readonly owner: string | null;
  readonly who: string;
  /** To whom, for a person. */
  readonly to: string;
  readonly ways: readonly NarrowWay[];
  /** Targets whose answers come in small segments alone. */
  readonly targets: readonly TargetView[];
  readonly narrow: readonly NarrowNetwork[];
  readonly since: number | null;
}

/** Every sender of which that is so, the one with most such connections first. */
export function tooLarge(history: History, bounds: TooLargeBounds): TooLarge[] {
  const ways = edges(history).flatMap((edge) => narrowWay(history, edge, bounds) ?? []);
  const asked = failing(history).filter(({ sample }) => sample.failure?.onlySmall !== undefined);
  const owners = [...new Set(ways.map(({ edge }) => edge.owner))];
  const serves = (owner: string | null, { address }: TargetView): boolean =>
    serviceAt(history, address)?.name === owner ||
    ways.some(({ edge }) => edge.owner === owner && joinHostPort(edge.peer, edge.port) === address);
  const sent = owners.map((owner): TooLarge => {
    const its = ways.filter(({ edge }) => edge.owner === owner).sort((a, b) => b.count - a.count);
    const targets = asked.filter((view) => serves(owner, view));
    return {
      ...{
        owner,
        who: whoOf(owner, its),
        to: listOf(its.map(({ edge }) => edge.peerText)),
        ways: its,
        targets,
      },
      narrow: narrowNetworks(history, its),
      since: earliest(...its.map(({ since }) => since), ...targets.map(({ failingSince }) => failingSince)),
    };
  });
  const rest = asked.filter((view) => !owners.some((owner) => serves(owner, view)));
  const addresses = [...new Set(rest.map(({ address }) => address))];
  const seen = addresses.map((address): TooLarge => {
    const targets = rest.filter((view) => view.address === address);
    const service = serviceAt(history, address);
    return {
      ...{ owner: service?.name ?? null, who: service?.name ?? address, to: 'this host' },
      ...{
        ways: [],
        targets,
        narrow: [],
        since: earliest(...targets.map(({ failingSince }) => failingSince)),
      },
    };
  });
  const count = ({ ways: its }: TooLarge): number => its.reduce((sum, one) => sum + one.count, 0);
  return [...sent, ...seen].sort((a, b) => count(b) - count(a));
}

const whoOf = (owner: string | null, [first]: readonly NarrowWay[]): string =>
  owner ?? first?.edge.processes?.join(', ') ?? 'this host';

const listOf = (names: readonly string[]): string => inShort([...new Set(names)]);

/** Undefined where large packets arrive, or small ones do not either. */
function narrowWay(history: History, edge: NamedEdge, bounds: TooLargeBounds): NarrowWay | undefined {
  const { stuckFull, label } = edge;
  if (!stuckFull || edge.bulk || stuckFull.bytes <= bounds.anyWay.value) return undefined;
  const least = isVisitor({ edges: [edge] }) ? bounds.stuckFromAfar : bounds.stuck;
  if (stuckFull.count < least.value) return undefined;
  const at = lookOf(history, edge);
  const since = at - stuckFull.sinceMs;
  const bulk = known(history, `edge.bulk${label}`, bounds.small.windowMs);
  if (bulk.some((point) => point.at - LONGEST_LOOK_MS > since)) return undefined;
  const { opened, lateOpened } = flowOf(history, edge, bounds.small.windowMs);
  const through = throughBefore(history, edge, stuckFull.lastTryMs, bounds.small.windowMs);
  if (through === 0 || lateOpened > bounds.late.value * opened) return undefined;
  return { edge, count: stuckFull.count, bytes: stuckFull.bytes, through, since };
}

/** A look at the connections of a busy host is so long (ms) after the one before, at most. */
const LONGEST_LOOK_MS = 10_000;

/** Containers at an end of these ways, or that one of them is routed by, in which less than what is sent fits into a packet. */
function narrowNetworks(history: History, ways: readonly NarrowWay[]): NarrowNetwork[] {
  const ends = ways.flatMap(({ edge }) => [edge.owner, edge.peerName]).filter((name) => name !== null);
  const gateways = new Set(
    ends.flatMap((name) => insideOf(history, name)?.routes ?? []).flatMap(({ gateway }) => gateway ?? []),
  );
  const most = Math.min(...ways.map(({ edge, bytes }) => edge.pathMtu ?? bytes));
  return networksInside(history).flatMap(({ name, interfaces, routeMtus }) => {
    const service = serviceOf(history, name);
    const isOnTheWay =
      ends.includes(name) || (service && addressesOf(service).some((one) => gateways.has(one)));
    const mtus = [
      ...(interfaces ?? []).filter(({ up, loopback }) => up && !loopback).map(({ mtu }) => mtu),
      ...(routeMtus ?? []).filter(({ learned }) => !learned).map(({ mtu }) => mtu),
    ].filter((mtu) => mtu < most);
    return isOnTheWay && mtus.length > 0 ? [{ name, mtu: Math.min(...mtus) }] : [];
  });
}
