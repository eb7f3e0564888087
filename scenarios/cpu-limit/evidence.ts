import { lookupsTroubled, resolvers } from '../../source/diagnosis/facts/dns.js';
import type { Slowness } from '../../source/diagnosis/facts/slowness.js';
import { average, newest } from '../../source/diagnosis/facts/values.js';
import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/old-evidence.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';

/** Every figure this failure mode is judged by. */
export const THRESHOLDS = {
  /** Percent of periods in which a container was held back; mean of the window. */
  throttled: { raise: 25, clear: 10, source: 'kubernetes-mixin CPUThrottlingHigh: 25 % of periods' },
  windowMs: 10_000,
  /** Readings in it at least. */
  readings: 3,
  /** Without an effect it must last this long, and is a notice (ms). */
  quietMs: 60_000,
  slow: {
    times: 2,
    leastMs: 50,
    source: 'DIAGNOSIS R23: latency above 2 × its baseline; 50 ms is our floor',
  },
  queue: { value: 1, source: 'ss(8): Recv-Q of a LISTEN socket counts connections nobody accepted' },
  lookups: 'a slow resolver makes its clients slow, and uses no CPU of theirs',
} as const;

export interface Held {
  readonly service: ServiceSample;
  /** Percent of its periods, mean of the window. */
  readonly percent: number;
  /** Wall-clock ms since when it is held back without a break. */
  readonly since: number;
}

export interface Scene {
  readonly history: History;
  /** Most held back first. */
  readonly held: readonly Held[];
  readonly slow: readonly Slowness[];
  /** Connections that wait to be accepted inside these containers. */
  readonly queued: number;
}

/** What speaks for and against a quota that is too small, each with its figure. */
export const evidenceOf = (scene: Scene): WeightedEvidence[] =>
  gather(
    ...scene.held.slice(0, 3).map((held) => throttling(scene.history, held)),
    use(scene),
    effect(scene),
    backlog(scene),
    lookups(scene),
  );

/** "0.05 cores"; undefined where its quota is not known. */
export const quotaText = ({ container }: ServiceSample): string | undefined =>
  container?.limits.cpus == null ? undefined : `${Number(container.limits.cpus.toFixed(3))} cores`;

function throttling(history: History, { service, percent }: Held): WeightedEvidence {
  const signal = `service.throttled{${service.name}}`;
  const now = newest(history, signal, THRESHOLDS.windowMs);
  return supports(0.15, {
    signal,
    value: `held back in ${Math.round(percent)} % of its periods${now === undefined ? '' : ` (${Math.round(now)} % now)`}`,
    threshold: `${THRESHOLDS.throttled.raise} %`,
    source: THRESHOLDS.throttled.source,
  });
}

/** At its quota in use is what a quota that binds looks like: for `docker stats`, too. */
function use({ history, held }: Scene): WeightedEvidence | undefined {
  const first = held[0]?.service;
  if (!first) return undefined;
  const signal = `service.cpu{${first.name}}`;
  const percent = average(history, signal, THRESHOLDS.windowMs);
  const quota = first.container?.limits.cpus;
  if (percent === undefined || quota == null)
    return missing(signal, 'not known', 'its use against its quota');
  const row = {
    signal,
    value: `uses ${percent.toFixed(1)} % of a core, may use ${(quota * 100).toFixed(0)} %`,
    threshold: `${(quota * 100).toFixed(0)} %`,
    source: 'cpu.cfs_quota_us / cpu.cfs_period_us, or cpu.max',
  };
  return percent >= quota * 70 ? supports(0.08, row) : undefined;
}

function effect({ slow }: Scene): WeightedEvidence | undefined {
  const worst = slow[0];
  if (!worst) return undefined;
  const failed = worst.view.failed > 0 ? `, ${plural(worst.view.failed, 'run')} in vain` : '';
  return supports(0.25, {
    signal: `http.ms{${worst.view.target}}`,
    value: `${worst.view.target}: ${duration(worst.before)} → ${duration(worst.since)}${failed}`,
    threshold: `${THRESHOLDS.slow.times} × ${duration(worst.before)}`,
    source: THRESHOLDS.slow.source,
  });
}

function backlog({ queued }: Scene): WeightedEvidence | undefined {
  if (queued < THRESHOLDS.queue.value) return undefined;
  return supports(0.1, {
    signal: 'inside.listeners',
    value: `${plural(queued, 'connection')} nobody accepts`,
    threshold: '0',
    source: THRESHOLDS.queue.source,
  });
}

function lookups({ history }: Scene): WeightedEvidence | undefined {
  if (resolvers(history).length === 0) return undefined;
  const troubled = lookupsTroubled(history, 12_000);
  const row = {
    signal: 'dns.p95',
    value: troubled ? 'lookups are slow or fail' : 'lookups are answered in time',
    threshold: '1 s, none late',
    source: THRESHOLDS.lookups,
  };
  return troubled ? refutes(0.2, row) : supports(0.05, row);
}
