import type { MatrixCell } from '../../probes/samples.js';
import type { Level } from './level.js';

/** From here on (ms) a connection was made by a SYN that was sent again: the first wait is 1 s (RFC 6298). */
const SENT_AGAIN_MS = 900;

/**
 * How a connection that was tried stands. Where the source is known to need the target, a failure is one. Where both
 * merely share a network nobody may miss it (a port for itself alone, a replica that was replaced), and one SYN sent
 * again may be chance: worth a look.
 */
export function levelOfCell({ outcome, ms, because }: MatrixCell): Level {
  if (outcome === 'unmeasured') return 'unknown';
  if (outcome === 'connected') return (ms ?? 0) >= SENT_AGAIN_MS ? 'notice' : 'ok';
  return because === 'shared-network' ? 'notice' : 'critical';
}
