import { failingRow } from '../../source/diagnosis/facts/common-rows.js';
import { type Ending, oomEvents } from '../../source/diagnosis/facts/events.js';
import { processText } from '../../source/diagnosis/facts/services.js';
import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/old-evidence.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';

/** Every figure this failure mode is judged by. */
export const THRESHOLDS = {
  events: 'Docker events: docker kill is kill(9) → die 137, out of memory is oom → die 137 (measured)',
  oom: 'hashicorp/nomad#12735: exit code 137 alone is no proof of OOM',
  /** A container that is back is still told of for this long (ms). */
  backMs: 15_000,
  /** One that serves nobody well since is told of for this long (ms). */
  recoveringMs: 30_000,
  back: { value: 15_000, source: 'Container Failure Test: back in about 12 s, under 15 s' },
  loop: { value: 3, windowMs: 600_000, source: 'DIAGNOSIS R22: 3 restarts in 10 min; Coroot: more than 1' },
} as const;

export interface Scene {
  readonly history: History;
  readonly ending: Ending;
  readonly service: ServiceSample;
  /** Ends of the same container within the loop's window. */
  readonly ends: number;
}

/** How long it was, or has been, away (ms). */
export const downMs = ({ history, ending }: Pick<Scene, 'history' | 'ending'>): number =>
  (ending.backAt ?? history.now) - ending.at;

/** What speaks for a kill or a crash, each with its figure. */
export const evidenceOf = (scene: Scene): WeightedEvidence[] =>
  gather(trail(scene), process(scene), notMemory(scene), away(scene), loop(scene), felt(scene));

function trail({ ending }: Scene): WeightedEvidence {
  return supports(ending.kind === 'killed' ? 0.35 : 0.25, {
    signal: `events{${ending.workload}}`,
    value: ending.trail,
    threshold: 'no end, or one that was asked for (kill(15) → die → stop)',
    source: THRESHOLDS.events,
  });
}

function process({ service, ending }: Scene): WeightedEvidence | undefined {
  if (ending.backAt !== null) return undefined;
  return supports(0.08, {
    signal: `service.up{${service.name}}`,
    value: processText(service),
    threshold: 'running',
    source: 'docker inspect: State',
  });
}

/** Who was killed by the kernel for memory leaves an `oom` event and a count in its cgroup; this one did not. */
function notMemory({ history, service, ending }: Scene): WeightedEvidence {
  const signal = `service.oomKills{${service.name}}`;
  const events = oomEvents(history, service.name, history.now - ending.at + 10_000).length;
  const kills = service.container?.oomKills ?? null;
  if (kills === null && events === 0 && ending.kind !== 'killed')
    return missing(
      signal,
      'its cgroup is gone and its count unknown',
      'whether the kernel killed it for memory',
    );
  const counted = kills === null ? '' : `, oom_kill ${kills}`;
  const row = {
    signal,
    value: `no oom event${counted}`,
    threshold: 'an oom event or a higher oom_kill',
    source: THRESHOLDS.oom,
  };
  return supports(0.08, row);
}

function away(scene: Scene): WeightedEvidence {
  const back = scene.ending.backAt !== null;
  const policy = scene.service.container?.restartPolicy ?? 'unknown';
  return supports(back ? 0.02 : 0.04, {
    signal: `service.up{${scene.service.name}}`,
    value: back
      ? `back after ${duration(downMs(scene))}`
      : `not back after ${duration(downMs(scene))} (restart policy ${policy})`,
    threshold: duration(THRESHOLDS.back.value),
    source: THRESHOLDS.back.source,
  });
}

function loop({ ends, service }: Scene): WeightedEvidence | undefined {
  if (ends < THRESHOLDS.loop.value) return undefined;
  return supports(0.1, {
    signal: `service.up{${service.name}}`,
    value: `${plural(ends, 'end')} in 10 min`,
    threshold: `${THRESHOLDS.loop.value} in 10 min`,
    source: THRESHOLDS.loop.source,
  });
}

const felt = ({ history }: Scene): WeightedEvidence | undefined =>
  failingRow(history, 0.05, 'Container Networking Exhaustion document: error rate above 95 %', ' fail:');
