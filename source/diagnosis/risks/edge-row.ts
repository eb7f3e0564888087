import type { History } from '../../store/history.js';
import { type Measured, supports, type WeightedEvidence } from '../evidence.js';
import type { NamedEdge } from '../facts/edges.js';
import type { Threshold } from '../threshold.js';

/** A row of what an edge's sockets showed in their last look, which is no series. */
export function edgeRow(
  { latest }: History,
  { label, inside }: Pick<NamedEdge, 'label' | 'inside'>,
  against: Threshold,
  measured: Omit<Measured, 'signal'>,
): WeightedEvidence {
  const at = (inside === null ? latest.sockets : latest.inside?.[inside])?.at ?? null;
  return supports(against, { signal: `edge${label}`, at, ...measured });
}
