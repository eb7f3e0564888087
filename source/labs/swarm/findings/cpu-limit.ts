import { duration, plural } from '../../../terminal/format.js';
import type { Carried, CpuFigures } from '../measured.js';
import { code, type FindingsSection } from './page.js';
import { cores, share } from './words.js';

/** What was measured when the CPU limit was lowered. */
export interface CpuRecord {
  readonly date: number;
  readonly service: string;
  /** Cores. */
  readonly from: number;
  readonly to: number;
  readonly replicas: number;
  readonly carried: Carried;
  readonly back: Carried;
  readonly before: CpuFigures;
  readonly during: CpuFigures;
  readonly after: CpuFigures;
  /** Where limits and use were read: `cgroup v1`. */
  readonly means: string;
  readonly oomEvents: number;
  /** What the diagnosis called it, and how long after the trigger, ms. */
  readonly named: { readonly title: string; readonly ms: number };
}

/** A service whose median answer takes this many times as long is slower, whatever the measurement's noise. */
const SLOWER = 1.5;
/** Use within a tenth of the limit is the limit at work: a period is 100 ms, a look a second. */
const AT_LIMIT = 0.9;
const OVER_LIMIT = 1.15;

/** The findings of a lowered CPU limit, each from a measurement of this run. Pure. */
export function cpuSection(run: CpuRecord): FindingsSection {
  const { from, to, before, during, after, carried } = run;
  const applied = during.limits.filter((limit) => limit === to).length;
  const times = ratio(during.load.p50, before.load.p50);
  return {
    title: 'Resource Limitation Test (CPU)',
    date: run.date,
    service: run.service,
    procedure: [
      `Put the service under a steady load and measured it with its CPU limit of ${cores(from)}`,
      `Changed the CPU limit from ${cores(from)} to ${cores(to)} (${share(from - to, from)} reduction) and measured it under the same load`,
      'Restored the original CPU limit and measured it once more',
    ],
    observations: [
      `${applied} of ${during.limits.length} containers ran with the new limit of ${cores(to)} (read from ${run.means || 'the daemon'})`,
      carried.kept === 0
        ? `The service update gave all ${carried.replaced} replicas a new container, in ${duration(carried.ms)}; none was updated in place`
        : `${carried.kept} of ${carried.kept + carried.replaced} containers were updated in place`,
      ...usage('CPU usage before', before),
      ...usage('CPU usage during the test', during),
      ...usage('CPU usage after the restore', after),
      `Requests before: ${answered(before)}`,
      `Requests during the test: ${answered(during)}`,
      `Requests after the restore: ${answered(after)}`,
      `Restoring took ${duration(run.back.ms)}`,
      `It was named ${duration(run.named.ms)} after the trigger: ${code(run.named.title)}`,
    ],
    findings: [
      ...(during.cores === null
        ? []
        : [
            applied === during.limits.length && during.cores <= to * OVER_LIMIT
              ? `The CPU limit works: a replica used ${cores(during.cores)} of ${cores(to)}`
              : `The CPU limit did not hold: a replica used ${cores(during.cores)} of ${cores(to)}`,
          ]),
      carried.kept === 0
        ? 'Service updates of resource limits restart the containers'
        : 'Service updates of resource limits do not restart every container',
      during.load.failed === 0
        ? 'The application remains functional under the CPU limit'
        : `The application loses requests under the CPU limit: ${during.load.failed} of ${during.load.sent}`,
      ...(times === null
        ? []
        : [
            times >= SLOWER
              ? `It answers ${times.toFixed(1)} times slower: a median of ${ms(during.load.p50)} after ${ms(before.load.p50)}`
              : `It answers about as fast: a median of ${ms(during.load.p50)} after ${ms(before.load.p50)}`,
          ]),
      ...(after.load.p50 !== null && before.load.p50 !== null
        ? [
            after.load.p50 < SLOWER * before.load.p50
              ? 'With the original limit it is as fast as before'
              : `With the original limit it is still slower: a median of ${ms(after.load.p50)}`,
          ]
        : []),
      ...(run.oomEvents === 0
        ? []
        : [`${plural(run.oomEvents, 'oom event')} came with it: memory is short, too`]),
    ],
    recommendations: [
      ...(carried.kept === 0
        ? ['Change limits when a restart of every replica can be borne, or with update order start-first']
        : []),
      ...((during.throttledPercent ?? 0) > 0
        ? [
            'Monitor throttled periods (nr_throttled of nr_periods in cpu.stat), not only CPU usage: usage at the limit looks the same whether the service waits or not',
          ]
        : []),
      ...(during.cores !== null && during.cores >= AT_LIMIT * to
        ? [
            `Under this load the service needs more than ${cores(to)} a replica: raise the limit, or add replicas`,
          ]
        : []),
      ...(times !== null && times >= SLOWER
        ? ['Shed load or degrade when answers become slow: the queue grew while the limit held']
        : []),
    ],
  };
}

function usage(title: string, { cores: used, throttledPercent }: CpuFigures): string[] {
  if (used === null) return [];
  const held =
    throttledPercent === null
      ? ''
      : `, and it was held back in ${throttledPercent.toFixed(0)} % of its periods`;
  return [`${title}: ${(100 * used).toFixed(1)} % of a core a replica${held}`];
}

function answered({ load }: CpuFigures): string {
  const errors = load.errors.slice(0, 3).map(({ text, count }) => `${count} × ${code(text)}`);
  const failed = errors.length === 0 ? '' : `; failed: ${errors.join(', ')}`;
  return `${load.sent - load.failed} of ${load.sent} answered, median ${ms(load.p50)}, 95th percentile ${ms(load.p95)}${failed}`;
}

const ms = (value: number | null): string => (value === null ? 'unknown' : duration(value));

const ratio = (now: number | null, then: number | null): number | null =>
  now === null || then === null || then === 0 ? null : now / then;
