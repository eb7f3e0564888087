import { joinHostPort } from '../../linux/ip-address.js';
import { kindOfPort } from '../../probes/datastores/kinds.js';
import type { History } from '../../store/history.js';
import { edges, type NamedEdge } from './edges.js';
import { known } from './values.js';

/** A client whose kept connections are closed by their server as it uses them again. */
export interface CutClient {
  /** Workload, unit or process that keeps them; null where none is known. */
  readonly owner: string | null;
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
  /** Wall-clock ms of the first look with some. */
  readonly since: number;
  /** What it speaks says goodbye before it closes: an orderly end after a silence is no failure. */
  readonly saysGoodbye: boolean;
}

/** Whoever was cut off within `windowMs`, most often first. */
export function cutClients(history: History, windowMs: number): CutClient[] {
  const byLabel = new Map<string, NamedEdge>();
  for (const edge of edges(history))
    if (edge.direction === 'out' && !byLabel.has(edge.label)) byLabel.set(edge.label, edge);
  return [...byLabel.values()]
    .flatMap((edge) => cutClient(history, edge, windowMs) ?? [])
    .sort((a, b) => b.count - a.count);
}

function cutClient(history: History, edge: NamedEdge, windowMs: number): CutClient | undefined {
  const { label, owner, units, processes, peer, port } = edge;
  const read = (figure: string) => known(history, `edge.${figure}${label}`, windowMs);
  const sum = (figure: string): number => read(figure).reduce((all, { value }) => all + value, 0);
  const cuts = read('cut');
  const first = cuts[0];
  if (!first) return undefined;
  const silences = read('cutIdle').map(({ value }) => value);
  return {
    ...{ owner, edge, server: edge.peerText, address: joinHostPort(peer, port) },
    who: owner ?? (units ?? processes ?? []).join(', '),
    ...{ count: sum('cut'), byReset: sum('cutByReset'), looks: new Set(cuts.map(({ at }) => at)).size },
    idleMs: { least: Math.min(...silences), most: Math.max(...silences) },
    ...{ opened: sum('opened'), failed: sum('failed'), since: first.at },
    saysGoodbye: kindOfPort(port) !== undefined,
  };
}
