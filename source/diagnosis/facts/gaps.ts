import { edgeSignals } from '../../probes/edges/series.js';
import type { History } from '../../store/history.js';
import type { Thresholds } from '../threshold.js';
import { LEAST_SEGMENTS, type NamedEdge } from './edges.js';
import type { Link } from './links.js';
import { known } from './values.js';

/** From when what arrives out of order says that packets get lost, by what weighs nothing itself. */
export const GAPS = {
  /** Where the peer is not on the same wire. */
  outOfOrderFar: {
    unit: '%',
    raise: 20,
    clear: 10,
    source: 'our choice: a long way loses some at any time, and may send on two ways',
  },
  leastOutOfOrder: { unit: 'segments', value: 10, source: 'our choice: one gap has several behind it' },
  leastGapLooks: { unit: 'looks', value: 3, source: 'our choice: two gaps may be one stall' },
} as const satisfies Thresholds;

/** Segments behind a gap as a share of those received (percent), over this time, where the peer is on the same wire. */
export interface GapBounds {
  readonly outOfOrder: { readonly raise: number; readonly clear: number; readonly windowMs: number };
}

/** What one end receives behind gaps: a segment before it was lost, and came later. */
export interface Gaps {
  readonly edge: NamedEdge;
  readonly outOfOrder: number;
  readonly received: number;
  readonly percent: number;
  /** So much, and so often, that it is no chance. */
  readonly sure: boolean;
  /** Less than which it is over (percent). */
  readonly clear: number;
}

/**
 * The gaps in what a link carries, as whoever receives sees them: all there is to see of what a peer loses whose own
 * sockets are read by nobody here. Undefined where both ends are read, or too little came.
 */
export function gapsOf(history: History, { edges }: Link, bounds: GapBounds): Gaps | undefined {
  const [edge, ...others] = edges;
  if (!edge || others.some(({ inside, direction }) => inside !== edge.inside || direction !== edge.direction))
    return undefined;
  return edges.flatMap((one) => gapsOn(history, one, bounds) ?? []).sort((a, b) => b.percent - a.percent)[0];
}

function gapsOn(history: History, edge: NamedEdge, bounds: GapBounds): Gaps | undefined {
  const { windowMs } = bounds.outOfOrder;
  const signals = edgeSignals(edge.label);
  const behind = known(history, signals.outOfOrder, windowMs);
  const received = known(history, signals.received, windowMs).reduce((all, { value }) => all + value, 0);
  if (behind.length === 0 || received < LEAST_SEGMENTS) return undefined;
  const outOfOrder = Math.min(
    received,
    behind.reduce((all, { value }) => all + value, 0),
  );
  const { raise, clear } = edge.near ? bounds.outOfOrder : GAPS.outOfOrderFar;
  const percent = (100 * outOfOrder) / received;
  const often = behind.length >= GAPS.leastGapLooks.value && outOfOrder >= GAPS.leastOutOfOrder.value;
  return { edge, outOfOrder, received, percent, sure: percent >= raise && often, clear };
}
