import { orNaN, type SeriesPoint } from '../source.js';
import { type Edge, type Edges, peerOf } from './sample.js';

/** What an edge's series are called by: `{api→10.0.0.3:5432}` for one that goes out, `{api:8080←10.0.0.4}` for one that comes in. */
export const edgeLabel = (owner: string, edge: Pick<Edge, 'peer' | 'port' | 'direction'>): string =>
  edge.direction === 'out' ? `{${owner}→${peerOf(edge)}}` : `{${owner}:${edge.port}←${edge.peer}}`;

type Figure =
  | 'sent'
  | 'resent'
  | 'toClosed'
  | 'received'
  | 'outOfOrder'
  | 'opened'
  | 'lateOpened'
  | 'failed'
  | 'rtt'
  | 'minRtt'
  | 'synSent'
  | 'bulk'
  | 'stuckFull'
  | 'stuckIdle'
  | 'idleEnd'
  | 'served'
  | 'cut'
  | 'cutByReset'
  | 'cutIdle'
  | 'givenUp'
  | 'unanswered';

/** Names of an edge's series, by figure. */
export type EdgeSignals = Readonly<Record<Figure, string>>;

/** So many requests that wait for an answer at once are more than one after the other. */
const TOGETHER = 2;

/** Names that are remembered: what is made anew in every look, of every edge, is most of what a look costs. */
const MOST_NAMED = 4_096;
const named = new Map<string, EdgeSignals>();

/** The names of an edge's series: `edge.sent{api→10.0.0.3:5432}` and its like, of its label. */
export function edgeSignals(label: string): EdgeSignals {
  const before = named.get(label);
  if (before) return before;
  if (named.size >= MOST_NAMED) named.clear();
  const made = {
    sent: `edge.sent${label}`,
    resent: `edge.resent${label}`,
    toClosed: `edge.toClosed${label}`,
    received: `edge.received${label}`,
    outOfOrder: `edge.outOfOrder${label}`,
    opened: `edge.opened${label}`,
    lateOpened: `edge.lateOpened${label}`,
    failed: `edge.failed${label}`,
    rtt: `edge.rtt${label}`,
    minRtt: `edge.minRtt${label}`,
    synSent: `edge.synSent${label}`,
    bulk: `edge.bulk${label}`,
    stuckFull: `edge.stuckFull${label}`,
    stuckIdle: `edge.stuckIdle${label}`,
    idleEnd: `edge.idleEnd${label}`,
    served: `edge.served${label}`,
    cut: `edge.cut${label}`,
    cutByReset: `edge.cutByReset${label}`,
    cutIdle: `edge.cutIdle${label}`,
    givenUp: `edge.givenUp${label}`,
    unanswered: `edge.unanswered${label}`,
  };
  named.set(label, made);
  return made;
}

/**
 * Of the first `most` edges: segments and handshakes of one look, counts and no rates, so that a window adds up; and
 * what is now. What was not read is left out, and segments where none were sent.
 */
export function* edgesSeries(
  { list }: Edges,
  { most, ownerOf }: { readonly most: number; ownerOf(edge: Edge): string },
): Iterable<SeriesPoint> {
  for (const edge of list.slice(0, most)) {
    const signals = edgeSignals(edgeLabel(ownerOf(edge), edge));
    if (edge.sent) {
      yield [signals.sent, edge.sent];
      yield [signals.resent, orNaN(edge.resent)];
    }
    if (edge.received) {
      yield [signals.received, edge.received];
      if (edge.outOfOrder) yield [signals.outOfOrder, edge.outOfOrder];
    }
    if (edge.toClosed) yield [signals.toClosed, edge.toClosed];
    if (edge.bulk) yield [signals.bulk, edge.bulk];
    if (edge.stuckFull) yield [signals.stuckFull, edge.stuckFull.count];
    if (edge.stuckIdle) yield [signals.stuckIdle, edge.stuckIdle.count];
    if (edge.servedMs) yield [signals.served, edge.servedMs];
    if (edge.idleEndMs) yield [signals.idleEnd, edge.idleEndMs];
    if (edge.cut) {
      yield [signals.cut, edge.cut.count];
      yield [signals.cutByReset, edge.cut.reset];
      yield [signals.cutIdle, edge.cut.leastIdleMs];
    }
    if (edge.givenUp) yield [signals.givenUp, edge.givenUp];
    if (edge.opened) {
      yield [signals.opened, edge.opened];
      yield [signals.lateOpened, orNaN(edge.lateOpened)];
    }
    if (edge.failed) yield [signals.failed, edge.failed];
    if (edge.rttMs !== null) yield [signals.rtt, edge.rttMs];
    if (edge.minRttMs !== null) yield [signals.minRtt, edge.minRttMs];
    if (edge.direction === 'out') yield [signals.synSent, edge.synSent.retried];
    const asked = edge.unanswered?.count ?? 0;
    if (asked >= TOGETHER) yield [signals.unanswered, asked];
  }
}
