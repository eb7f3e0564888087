import { joinHostPort } from '../../linux/ip-address.js';
import { kindOfPort } from '../../probes/datastores/kinds.js';
import { edgeSignals } from '../../probes/edges/series.js';
import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { edges, type NamedEdge } from './edges.js';
import { known, sum } from './values.js';

/** A client whose kept connections are closed by their server as it uses them again. */
export interface CutClient {
  /** Workload that keeps them; null where none is known. */
  readonly owner: string | null;
  /** For a person. */
  readonly who: string;
  /** The server, by name where it has one, and its `address:port`. */
  readonly server: string;
  readonly address: string;
  readonly edge: NamedEdge;
  /** How often within the window, and of these how many ended by a reset. */
  readonly count: number;
  readonly byReset: number;
  /** Looks in which there were some. */
  readonly looks: number;
  /** The shortest and the longest of the least silences (ms) of each look. */
  readonly idleMs: { readonly least: number; readonly most: number };
  /** Connections that came about in the window, and attempts that did not. */
  readonly opened: number;
  readonly failed: number;
  /** Wall-clock ms of the first look with some, and of the last. */
  readonly since: number;
  readonly lastAt: number;
  /** What it speaks says goodbye before it closes: an orderly end after a silence is no failure. */
  readonly saysGoodbye: boolean;
}

/**
 * Whoever was cut off `value` times within `windowMs` at a server, most often first, with what else cut it off as often: what
 * stands between a client and its server hands the close on. One for each owner.
 */
export function cutClients(
  history: History,
  { value, windowMs }: { readonly value: number; readonly windowMs: number },
): (readonly [CutClient, ...CutClient[]])[] {
  const byLabel = new Map<string, NamedEdge>();
  for (const edge of edges(history))
    if (edge.direction === 'out' && !byLabel.has(edge.label)) byLabel.set(edge.label, edge);
  const all = [...byLabel.values()]
    .flatMap((edge) => cutClient(history, edge, windowMs) ?? [])
    .filter(({ count }) => count >= value)
    .sort((a, b) => b.count - a.count);
  return [...new Set(all.map(({ owner }) => owner))].flatMap((owner) => {
    const [first, ...rest] = all.filter((one) => one.owner === owner);
    return first ? [[first, ...rest] as const] : [];
  });
}

/** `0.9 s to 1.1 s`: how long they were silent. */
export function silenceText({ idleMs }: CutClient): string {
  const [least, most] = [duration(idleMs.least), duration(idleMs.most)];
  return least === most ? least : `${least} to ${most}`;
}

function cutClient(history: History, edge: NamedEdge, windowMs: number): CutClient | undefined {
  const { label, owner, processes, peer, port } = edge;
  const signals = edgeSignals(label);
  const read = (signal: string) => known(history, signal, windowMs);
  const cuts = read(signals.cut);
  const first = cuts[0];
  if (!first) return undefined;
  const total = (signal: string): number => sum(history, signal, windowMs);
  const silences = read(signals.cutIdle).map(({ value }) => value);
  return {
    ...{ owner, edge, server: edge.peerText, address: joinHostPort(peer, port) },
    who: owner ?? processes?.join(', ') ?? 'a client of this host',
    ...{
      count: total(signals.cut),
      byReset: total(signals.cutByReset),
      looks: new Set(cuts.map(({ at }) => at)).size,
    },
    idleMs: { least: Math.min(...silences), most: Math.max(...silences) },
    ...{
      opened: total(signals.opened),
      failed: total(signals.failed),
      since: first.at,
      lastAt: cuts.at(-1)?.at ?? first.at,
    },
    saysGoodbye: kindOfPort(port) !== undefined,
  };
}
