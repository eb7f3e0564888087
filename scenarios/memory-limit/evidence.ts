import { failingRow } from '../../source/diagnosis/facts/common-rows.js';
import { mebibytes } from '../../source/diagnosis/facts/containers.js';
import type { Ending } from '../../source/diagnosis/facts/events.js';
import { processText } from '../../source/diagnosis/facts/services.js';
import { largest } from '../../source/diagnosis/facts/values.js';
import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/old-evidence.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration, percentOf } from '../../source/terminal/format.js';

/** Every figure this failure mode is judged by. */
export const THRESHOLDS = {
  kills: { value: 0, source: 'oom_kill of its cgroup, or an oom event: one is enough (DIAGNOSIS R24)' },
  /** The end of its first process follows the kill within this long: before, nobody can say who it was (ms). */
  settleMs: 1500,
  /** A kill is told of for this long, and longer while its container is away (ms). */
  toldMs: 20_000,
  /** Use as a share of the limit, file cache left out. */
  fill: { raise: 0.9, critical: 0.98, clear: 0.8, source: 'Netdata cgroup memory: 90 % (80 %), 98 %' },
  fillMs: 10_000,
  /** Readings of it at least. */
  readings: 3,
  /** What it used before it was killed is looked for this far back (ms). */
  beforeMs: 60_000,
} as const;

/** A container in which the kernel killed for memory, or soon will. */
export interface Short {
  readonly service: ServiceSample;
  /** Kills of the last `toldMs`, and wall-clock ms of the first and the last of them; 0 and null when none. */
  readonly kills: number;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Its end, when its first process was the victim. */
  readonly ending: Ending | undefined;
  /** Mean use as a share of its limit, 0 to 1, when that is high. */
  readonly fill: number | undefined;
}

/** What speaks for a memory limit that is too small, each with its figure. */
export const evidenceOf = (history: History, short: Short): WeightedEvidence[] =>
  gather(
    killed(history, short),
    victim(history, short),
    use(history, short),
    failingRow(history, 0.03, 'Container Networking Exhaustion document: error rate above 95 %', ' fail:'),
  );

function killed(history: History, { service, kills, lastAt }: Short): WeightedEvidence | undefined {
  if (kills === 0 || lastAt === null) return undefined;
  const total = service.container?.oomKills ?? null;
  return supports(0.35, {
    signal: `service.oomKills{${service.name}}`,
    value: `the OOM killer struck ${times(kills)} lately, the last ${duration(Math.max(0, history.now - lastAt))} ago${total === null ? '' : ` (oom_kill ${total})`}`,
    threshold: `${THRESHOLDS.kills.value}`,
    source: THRESHOLDS.kills.source,
  });
}

/** Docker tells each time that it struck, on cgroup v1 often many times for one process (measured: 20 in 0.2 s). */
export const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** Whether its container would have ended by now, had it been its first process. */
export const isWorker = (history: History, { firstAt, ending }: Short): boolean =>
  !ending && firstAt !== null && history.now - firstAt >= THRESHOLDS.settleMs;

/** The first process ends the container; a worker does not, and Docker's OOMKilled stays false for it. */
function victim(history: History, short: Short): WeightedEvidence | undefined {
  const { service, ending } = short;
  const row = {
    signal: `events{${service.name}}`,
    threshold: 'oom → die 137: its first process; oom alone: another one',
    source: 'Docker events of both kinds (measured); OOMKilled is false for a worker',
  };
  if (ending) return supports(0.1, { ...row, value: ending.trail });
  if (!isWorker(history, short)) return undefined;
  return supports(0.08, { ...row, value: `no die: it goes on, ${processText(service)}` });
}

function use(history: History, { service, fill }: Short): WeightedEvidence {
  const signal = `service.memoryFill{${service.name}}`;
  const limit = service.container?.limits.memoryBytes ?? null;
  if (limit === null) return missing(signal, 'it has no limit of its own', 'its use against its limit');
  const most = fill ?? largest(history, signal, THRESHOLDS.beforeMs);
  if (most === undefined) return missing(signal, `limit ${mebibytes(limit)}, use not read`, 'its use');
  const row = {
    signal,
    value: `${mebibytes(most * limit)} of ${mebibytes(limit)} (${percentOf(most)})${fill === undefined ? ' at most in the last minute' : ''}`,
    threshold: percentOf(THRESHOLDS.fill.raise),
    source: THRESHOLDS.fill.source,
  };
  return supports(most >= THRESHOLDS.fill.raise ? 0.1 : 0.02, row);
}
