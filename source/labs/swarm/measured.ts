import type { SwarmService } from '../../probes/samples.js';
import type { LoadFigures } from './watch/figures.js';

/** How an update of the limits was carried out. */
export interface Carried {
  /** From the update to the last new task running, ms. */
  readonly ms: number;
  /** Replicas whose container was kept (updated in place), and those that have a new one. */
  readonly kept: number;
  readonly replaced: number;
  readonly service: SwarmService;
}

/** How the service fared under a steady load. */
export interface CpuFigures {
  readonly load: LoadFigures;
  /** Mean of the replicas: cores used, and share of periods in which they were held back (%). Null: not read. */
  readonly cores: number | null;
  readonly throttledPercent: number | null;
  /** Limits as the running containers have them. */
  readonly limits: readonly (number | null)[];
}
