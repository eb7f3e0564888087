import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { mebibytes } from '../../source/diagnosis/facts/containers.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import type { OomKills } from '../../source/diagnosis/facts/oom-kills.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { processText } from '../../source/diagnosis/facts/services.js';
import { largest } from '../../source/diagnosis/facts/values.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration, percentOf } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** A container in which the kernel killed for memory, or soon will. */
export interface Short {
  readonly history: History;
  readonly service: ServiceSample;
  readonly kills: OomKills | undefined;
  /** Mean use as a share of its limit, 0 to 1; 0 where it has none. */
  readonly fill: number;
  /** Places that a kill in it can be felt at. */
  readonly radius: readonly string[];
}

/** What speaks for a memory limit that is too small, each with its figure. */
export function evidenceOf(short: Short): WeightedEvidence[] {
  const { history, service, kills, radius } = short;
  const { targets } = failingAt(history, radius);
  return gather(
    kills && struck(history, service, kills),
    kills && victim(service, kills),
    use(short),
    failingRow(history, THRESHOLDS.failingUsers, ' fail:', targets),
  );
}

function struck({ now }: History, { name, container }: ServiceSample, kills: OomKills): WeightedEvidence {
  const total = container?.oomKills ?? null;
  const counted = total === null ? '' : ` (oom_kill ${total})`;
  return supports(THRESHOLDS.oomKills, {
    signal: `service.oomKills{${name}}`,
    reading: kills.count,
    value: `the OOM killer struck ${times(kills)} lately, the last ${duration(Math.max(0, now - kills.lastAt))} ago${counted}`,
  });
}

/** Docker tells each time that it struck, on cgroup v1 often many times for one process (measured: 20 in 0.2 s). */
export const times = ({ count }: OomKills): string => (count === 1 ? 'once' : `${count} times`);

/** The first process ends the container; a worker does not, and Docker's OOMKilled stays false for it. */
function victim(service: ServiceSample, { ending, worker }: OomKills): WeightedEvidence | undefined {
  const signal = `events{${service.name}}`;
  if (ending) return supports(THRESHOLDS.firstProcessKilled, { signal, value: ending.trail });
  if (!worker) return undefined;
  return supports(THRESHOLDS.workerKilled, { signal, value: `no die: it goes on, ${processText(service)}` });
}

function use({ history, service, kills, fill }: Short): WeightedEvidence {
  const signal = `service.memoryFill{${service.name}}`;
  const limit = service.container?.limits.memoryBytes ?? null;
  if (limit === null) return missing(signal, 'it has no limit of its own', 'its use against its limit');
  const full = fill > THRESHOLDS.fill.raise;
  const most = full ? fill : largest(history, signal, THRESHOLDS.lookedBackOver.value);
  if (most === undefined) return missing(signal, `limit ${mebibytes(limit)}, use not read`, 'its use');
  const high = kills ? THRESHOLDS.fill : THRESHOLDS.fillByItself;
  return supports(most >= high.raise ? high : THRESHOLDS.fillLower, {
    signal,
    reading: most,
    value: `${mebibytes(most * limit)} of ${mebibytes(limit)} (${percentOf(most)})${full ? '' : ' at most in the last minute'}`,
  });
}
