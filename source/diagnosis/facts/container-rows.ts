import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { duration, percentOf } from '../../terminal/format.js';
import { missing, supports, type WeightedEvidence } from '../evidence.js';
import type { Threshold } from '../threshold.js';
import { mebibytes } from './containers.js';
import { type Ended, isOomUntold, missedBy } from './ended.js';
import { oomEvents } from './events.js';
import type { HeldBack } from './held-back.js';
import { killsText, type OomKills } from './oom-kills.js';
import { processText } from './services.js';
import type { ShortOfMemory } from './short-of-memory.js';
import { average, largest, newest } from './values.js';

/** Rows of evidence of one container: of its end, its CPU and its memory. Each mode weighs them by thresholds of its own. */

/** Who misses it, three of them at most; undefined where nobody does. */
export function missedRow(
  history: History,
  service: ServiceSample,
  against: Threshold,
): WeightedEvidence | undefined {
  const misses = missedBy(history, service);
  if (misses.length === 0) return undefined;
  const value = misses.slice(0, 3).join(', ');
  return supports(against, { signal: `service.up{${service.name}}`, reading: misses.length, value });
}

/** The line of its output that says why it ended by itself; undefined where none is known: a kill leaves none. */
export function lastWordsRow(
  { service: { name, container }, ending }: Ended,
  against: Threshold,
): WeightedEvidence | undefined {
  const said = ending.kind === 'crashed' ? container?.lastWords : undefined;
  if (said === undefined) return undefined;
  return supports(against, { signal: `logs{${name}}`, value: `it said last: ${said}`, at: ending.at });
}

/** How long it was, or has been, away, against how long its start may take. */
export function awayRow(
  { service, ending, awayMs }: Ended,
  against: { readonly stillAway: Threshold & { readonly value: number }; readonly wasAway: Threshold },
): WeightedEvidence {
  const away = ending.backAt === null;
  const ms = duration(awayMs);
  return supports(away ? against.stillAway : against.wasAway, {
    signal: `service.up{${service.name}}`,
    reading: awayMs,
    value: away
      ? `not back after ${ms} (restart policy ${service.container?.restartPolicy ?? 'unknown'})`
      : `back after ${ms}`,
    threshold: duration(against.stillAway.value),
  });
}

/** That the kernel did not end it for memory: it leaves an `oom` event and a count in its cgroup, looked for over `windowMs` before. */
export function notOutOfMemoryRow(
  { history, service, ending }: Ended,
  against: Threshold & { readonly windowMs: number },
): WeightedEvidence {
  const signal = `service.oomKills{${service.name}}`;
  const kills = service.container?.oomKills ?? undefined;
  const lookBackMs = history.now - ending.at + against.windowMs;
  const isUnknown = kills === undefined && ending.kind !== 'killed';
  if (isOomUntold({ history, ending }) && (kills ?? 0) === 0)
    return missing(
      signal,
      'Podman tells of no kill for memory',
      'whether the kernel killed it for memory (journalctl -k | grep -i oom)',
    );
  if (isUnknown && oomEvents(history, service.name, lookBackMs).length === 0)
    return missing(
      signal,
      'its cgroup is gone and its count unknown',
      'whether the kernel killed it for memory',
    );
  const counted = kills === undefined ? '' : `, oom_kill ${kills}`;
  const value = `${ending.witnessed ? 'no oom event' : 'not counted as out of memory'}${counted}`;
  return supports(against, { signal, reading: kills, value });
}

/** How often the kernel killed in it for memory lately, and how long ago the last one was. */
export function oomKillsRow(
  { now }: History,
  { name, container }: ServiceSample,
  kills: OomKills,
  against: Threshold,
): WeightedEvidence {
  const total = container?.oomKills ?? null;
  const counted = total === null ? '' : ` (oom_kill ${total})`;
  return supports(against, {
    signal: `service.oomKills{${name}}`,
    reading: kills.count,
    value: `the OOM killer struck ${killsText(kills)} lately, the last ${duration(Math.max(0, now - kills.lastAt))} ago${counted}`,
  });
}

/** Whom it killed: the first process ends the container; a worker does not, and Docker's OOMKilled stays false for it. */
export function oomVictimRow(
  service: ServiceSample,
  { ending, worker }: OomKills,
  against: { readonly firstProcessKilled: Threshold; readonly workerKilled: Threshold },
): WeightedEvidence | undefined {
  const signal = `events{${service.name}}`;
  if (ending) return supports(against.firstProcessKilled, { signal, value: ending.trail });
  if (!worker) return undefined;
  return supports(against.workerKilled, { signal, value: `no die: it goes on, ${processText(service)}` });
}

/** How its use of its memory limit is weighed: full beside a kill, full by itself, or less; the most of `lookedBackOver` (ms). */
interface MemoryUseBounds {
  readonly fill: Threshold & { readonly raise: number };
  readonly fillByItself: Threshold & { readonly raise: number };
  readonly fillLower: Threshold;
  readonly lookedBackOver: { readonly value: number };
}

/** What it uses of its memory limit: now where that is full, else the most of late. */
export function memoryUseRow(
  { history, service, kills, fill }: ShortOfMemory,
  against: MemoryUseBounds,
): WeightedEvidence {
  const signal = `service.memoryFill{${service.name}}`;
  const limit = service.container?.limits.memoryBytes ?? null;
  if (limit === null) return missing(signal, 'it has no limit of its own', 'its use against its limit');
  const high = kills ? against.fill : against.fillByItself;
  const full = fill > high.raise;
  const most = full ? fill : largest(history, signal, against.lookedBackOver.value);
  if (most === undefined) return missing(signal, `limit ${mebibytes(limit)}, use not read`, 'its use');
  return supports(most >= high.raise ? high : against.fillLower, {
    signal,
    reading: most,
    value: `${mebibytes(most * limit)} of ${mebibytes(limit)} (${percentOf(most)})${full ? '' : ' at most in the last minute'}`,
  });
}

/** In how many of its periods its CPU quota holds it back. */
export function throttledRow(
  { history, service, percent }: HeldBack,
  against: Threshold & { readonly windowMs: number },
): WeightedEvidence {
  const signal = `service.throttled{${service.name}}`;
  const now = newest(history, signal, against.windowMs);
  return supports(against, {
    signal,
    reading: percent,
    value: `held back in ${Math.round(percent)} % of its periods${now === undefined ? '' : ` (${Math.round(now)} % now)`}`,
  });
}

/** That it uses what it may, as a quota that binds looks (for `docker stats`, too); undefined below `value`, a share of it. */
export function cpuUseRow(
  { history, service, cpus }: HeldBack,
  against: Threshold & { readonly value: number; readonly windowMs: number },
): WeightedEvidence | undefined {
  const signal = `service.cpu{${service.name}}`;
  const percent = average(history, signal, against.windowMs);
  if (percent === undefined) return missing(signal, 'not known', 'its use against its quota');
  const may = `${(cpus * 100).toFixed(0)} %`;
  const share = percent / (100 * cpus);
  if (share < against.value) return undefined;
  const value = `uses ${percent.toFixed(1)} % of a core, may use ${may}`;
  return supports(against, { signal, reading: share, value, threshold: may });
}
