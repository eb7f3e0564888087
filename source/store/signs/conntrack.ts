import type { ConntrackSample } from '../../probes/samples.js';
import type { Level } from './level.js';

/** How it stands with the connection tracking table (nf_conntrack-sysctl: at its maximum new connections are dropped). */
export function levelOfFill({ fill }: Pick<ConntrackSample, 'fill'>): Level {
  if (fill === null) return 'ok';
  if (fill > 0.9) return 'critical';
  return fill > 0.75 ? 'notice' : 'ok';
}
