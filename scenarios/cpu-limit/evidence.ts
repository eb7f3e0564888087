import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { lookupsRow } from '../../source/diagnosis/facts/rows.js';
import type { Slowness } from '../../source/diagnosis/facts/slowness.js';
import type { Throttled } from '../../source/diagnosis/facts/throttling.js';
import { average, newest } from '../../source/diagnosis/facts/values.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** A container that is held back, and what comes of it. */
export interface Held extends Throttled {
  readonly history: History;
  /** Targets that are slower since, the slowest of its baseline first. */
  readonly slow: readonly Slowness[];
  /** Connections that wait to be accepted inside it. */
  readonly queued: number;
  /** Somebody waits for it. */
  readonly felt: boolean;
}

/** What speaks for and against a quota that is too small, each with its figure. */
export const evidenceOf = (held: Held): WeightedEvidence[] =>
  gather(
    throttling(held),
    use(held),
    slower(held),
    backlog(held),
    lookupsRow(held.history, THRESHOLDS.lookupsInTime),
  );

function throttling({ history, service, percent }: Held): WeightedEvidence {
  const signal = `service.throttled{${service.name}}`;
  const now = newest(history, signal, THRESHOLDS.throttled.windowMs);
  return supports(THRESHOLDS.throttled, {
    signal,
    reading: percent,
    value: `held back in ${Math.round(percent)} % of its periods${now === undefined ? '' : ` (${Math.round(now)} % now)`}`,
  });
}

/** At its quota in use is what a quota that binds looks like: for `docker stats`, too. */
function use({ history, service, cpus }: Held): WeightedEvidence | undefined {
  const signal = `service.cpu{${service.name}}`;
  const { windowMs, value: least } = THRESHOLDS.atItsQuota;
  const percent = average(history, signal, windowMs);
  if (percent === undefined) return missing(signal, 'not known', 'its use against its quota');
  const may = `${(cpus * 100).toFixed(0)} %`;
  const share = percent / (100 * cpus);
  if (share < least) return undefined;
  const value = `uses ${percent.toFixed(1)} % of a core, may use ${may}`;
  return supports(THRESHOLDS.atItsQuota, { signal, reading: share, value, threshold: may });
}

function slower({ slow: [worst] }: Held): WeightedEvidence | undefined {
  if (!worst) return undefined;
  const { view, before, since } = worst;
  const failed = view.failed > 0 ? `, ${plural(view.failed, 'run')} in vain` : '';
  return supports(THRESHOLDS.timesSlower, {
    signal: `http.ms{${view.target}}`,
    reading: since / before,
    value: `${view.target}: ${duration(before)} → ${duration(since)}${failed}`,
    threshold: `${THRESHOLDS.timesSlower.value} × ${duration(before)}`,
  });
}

function backlog({ queued }: Held): WeightedEvidence | undefined {
  if (queued < THRESHOLDS.notAccepted.value) return undefined;
  const value = `${plural(queued, 'connection')} nobody accepts`;
  return supports(THRESHOLDS.notAccepted, { signal: 'inside.listeners', reading: queued, value });
}
