import { orNaN, type SeriesPoint } from '../source.js';
import { type Edge, type Edges, peerOf } from './sample.js';

/** What an edge's series are called by: `{api→10.0.0.3:5432}` for one that goes out, `{api:8080←10.0.0.4}` for one that comes in. */
export const edgeLabel = (owner: string, edge: Pick<Edge, 'peer' | 'port' | 'direction'>): string =>
  edge.direction === 'out' ? `{${owner}→${peerOf(edge)}}` : `{${owner}:${edge.port}←${edge.peer}}`;

/**
 * Of the first `most` edges: segments and handshakes of one look, counts and no rates, so that a window adds up; and
 * what is now. What was not read is left out, and segments where none were sent.
 */
export function* edgesSeries(
  { list }: Edges,
  { most, ownerOf }: { readonly most: number; ownerOf(edge: Edge): string },
): Iterable<SeriesPoint> {
  for (const edge of list.slice(0, most)) {
    const label = edgeLabel(ownerOf(edge), edge);
    if (edge.sent) {
      yield [`edge.sent${label}`, edge.sent];
      yield [`edge.resent${label}`, orNaN(edge.resent)];
    }
    if (edge.received) {
      yield [`edge.received${label}`, edge.received];
      yield [`edge.outOfOrder${label}`, orNaN(edge.outOfOrder)];
    }
    if (edge.opened) {
      yield [`edge.opened${label}`, edge.opened];
      yield [`edge.lateOpened${label}`, orNaN(edge.lateOpened)];
    }
    if (edge.failed) yield [`edge.failed${label}`, edge.failed];
    if (edge.rttMs !== null) yield [`edge.rtt${label}`, edge.rttMs];
    if (edge.minRttMs !== null) yield [`edge.minRtt${label}`, edge.minRttMs];
    if (edge.direction === 'out') yield [`edge.synSent${label}`, edge.synSent.retried];
  }
}
