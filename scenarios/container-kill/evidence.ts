import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import type { Ended } from '../../source/diagnosis/facts/ended.js';
import { oomEvents } from '../../source/diagnosis/facts/events.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { processText } from '../../source/diagnosis/facts/services.js';
import { duration, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** What speaks for a kill or a crash, each with its figure. */
export function evidenceOf(one: Ended): WeightedEvidence[] {
  const { history, ending, service, awayMs, ends, failing } = one;
  const { killEvents, otherEndEvents, processRuns, stillAway, wasAway, endsInALoop, failingUsers } =
    THRESHOLDS;
  const signal = `service.up{${service.name}}`;
  const away = ending.backAt === null;
  const policy = service.container?.restartPolicy ?? 'unknown';
  return gather(
    supports(ending.kind === 'killed' ? killEvents : otherEndEvents, {
      signal: `events{${ending.workload}}`,
      value: ending.trail,
    }),
    away ? supports(processRuns, { signal, value: processText(service) }) : undefined,
    notMemory(one),
    supports(away ? stillAway : wasAway, {
      signal,
      reading: awayMs,
      value: away
        ? `not back after ${duration(awayMs)} (restart policy ${policy})`
        : `back after ${duration(awayMs)}`,
      threshold: duration(stillAway.value),
    }),
    ends >= endsInALoop.value
      ? supports(endsInALoop, { signal, reading: ends, value: `${plural(ends, 'end')} in 10 min` })
      : undefined,
    failingRow(history, failingUsers, ' fail:', failing),
  );
}

/** Who was killed by the kernel for memory leaves an `oom` event and a count in its cgroup; this one did not. */
function notMemory({ history, service, ending }: Ended): WeightedEvidence {
  const signal = `service.oomKills{${service.name}}`;
  const lookBackMs = history.now - ending.at + THRESHOLDS.oomKillBeforeEnd.windowMs;
  const kills = service.container?.oomKills ?? undefined;
  if (
    kills === undefined &&
    ending.kind !== 'killed' &&
    oomEvents(history, service.name, lookBackMs).length === 0
  )
    return missing(
      signal,
      'its cgroup is gone and its count unknown',
      'whether the kernel killed it for memory',
    );
  const counted = kills === undefined ? '' : `, oom_kill ${kills}`;
  return supports(THRESHOLDS.oomKillBeforeEnd, { signal, reading: kills, value: `no oom event${counted}` });
}
