import { searchFigure } from '../../probes/dns/search-cost.js';
import { createInsideDnsProbe, type InsideDnsProbeOptions } from '../../probes/lookups/lookups-probe.js';
import type { Probe } from '../../probes/probe.js';

/**
 * A lookup that works is looked at again after this long (ms), one that fails sooner: six names (three replicas that
 * need two) are then less than two queries a second, which the slowest resolver of ours has to spare.
 */
const HEALTHY_MS = 15_000;
const FAILING_MS = 6_500;
/** A search list that takes so long (ms) is something wrong as well. */
const SLOW_SEARCH_MS = 1_000;
/** While no name is known there is nothing to ask, and one may be learnt soon (ms); one that moves tells so with its next answer. */
const SOON_MS = 2_000;

export interface Pace {
  /** Least time (ms) between two resolutions of one container, so that all of them keep within what may be asked. */
  leastMs(): number;
}

/** DNS resolution of a container, tried more often while something is wrong with it. */
export function pacedDnsProbe(options: InsideDnsProbeOptions, pace: Pace): Probe<unknown> {
  let wantedMs = HEALTHY_MS;
  const probe = createInsideDnsProbe({ ...options, intervalMs: HEALTHY_MS });
  return {
    ...probe,
    get intervalMs() {
      return Math.max(wantedMs, pace.leastMs());
    },
    async run(context) {
      const sample = await probe.run(context);
      const failing = sample.names.some(
        ({ resolved, late, steps }) =>
          !resolved ||
          late.length > 0 ||
          steps.some(({ outcome }) => outcome === 'timeout') ||
          searchFigure({ steps }) >= SLOW_SEARCH_MS,
      );
      const nameless = sample.names.length === 0 && sample.fromHosts.length === 0;
      const moving = sample.names.some((one) => one.moving);
      wantedMs = failing ? FAILING_MS : nameless || moving ? SOON_MS : HEALTHY_MS;
      return sample;
    },
  };
}
