import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather } from '../../source/diagnosis/evidence.js';
import { memoryUseRow, oomKillsRow, oomVictimRow } from '../../source/diagnosis/facts/container-rows.js';
import { memoryFix, memoryLimitText, startFix } from '../../source/diagnosis/facts/containers.js';
import { containers } from '../../source/diagnosis/facts/events.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { killsText } from '../../source/diagnosis/facts/oom-kills.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { isGone } from '../../source/diagnosis/facts/services.js';
import { type ShortOfMemory, shortOfMemory } from '../../source/diagnosis/facts/short-of-memory.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { duration, percentOf, plural } from '../../source/terminal/format.js';
import { failingTargets } from '../common-thresholds.js';
import { FOLLOWS_AN_END } from '../follows-an-end.js';

const VICTIM = {
  unit: '',
  reads: 'oom → die 137: its first process; oom alone: another one',
  source: 'Docker events of both kinds (measured); OOMKilled is false for a worker',
};
const FILL = {
  unit: 'share',
  raise: 0.9,
  clear: 0.8,
  critical: 0.98,
  windowMs: 10_000,
  reads: '90 %, clears at 80 %, 98 % is critical',
  source: 'Netdata cgroup memory: 90 % (80 %), 98 %; file cache left out',
};

/** Every figure that a memory limit is judged by. */
const THRESHOLDS = {
  oomKills: {
    unit: 'kills',
    value: 0,
    weight: 0.35,
    source: 'oom_kill of its cgroup, or an oom event: one is enough (DIAGNOSIS R24)',
    reads: '0',
  },
  toldAfterKill: { unit: 'ms', value: 20_000, source: 'our choice; longer while its container is away' },
  endFollowsKill: { unit: 'ms', value: 1500, source: 'measured: the kill of a first process, then its die' },
  firstProcessKilled: { ...VICTIM, weight: 0.1 },
  workerKilled: { ...VICTIM, weight: 0.08 },
  fill: { ...FILL, weight: 0.1 },
  /** Where nothing was killed, and where it was not so full. */
  fillByItself: { ...FILL, weight: 0.2 },
  fillLower: { ...FILL, weight: 0.02 },
  fillReadings: { unit: 'readings', value: 3, source: 'our choice: fewer are no mean' },
  lookedBackOver: {
    unit: 'ms',
    value: 60_000,
    source: 'our choice: what it used before the kill, and kills before',
  },
  failingUsers: failingTargets(0.03),
} as const satisfies Thresholds;

/** The kernel kills in a container that has reached its memory limit, or it is about to be reached. */
export const mode = defineMode({
  id: 'memory-limit',
  called: 'out of memory',
  scope: 'workload',
  inputs: ['services'],
  // A kill is a fact at once; a high fill is a mean over its own window.
  forMs: 0,
  keepMs: 3000,
  minSamples: THRESHOLDS.fillReadings.value,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: ['container-kill', ...FOLLOWS_AN_END],
  rivals: ['resolver-saturation', 'resolver-dead', 'database-connections'],
  detect: (history) => shortOfMemory(history, THRESHOLDS).map(candidate),
  clears(history) {
    const all = [...containers(history).values()];
    const unknown = all.length === 0 || all.some(({ container }) => container?.oomKills == null);
    if (unknown || shortOfMemory(history, THRESHOLDS).length > 0) return undefined;
    return `no oom_kill lately in ${plural(all.length, 'container')}, none near its limit`;
  },
});

function candidate(short: ShortOfMemory): Candidate {
  const { history, service, kills, fill, readings, radius, failing } = short;
  return {
    subject: { kind: 'workload', id: service.name },
    target: service.name,
    raise: kills !== undefined || fill > THRESHOLDS.fill.raise,
    title: titleOf(short),
    severity: kills || fill > THRESHOLDS.fill.critical ? 'critical' : 'warning',
    evidence: gather(
      kills && oomKillsRow(history, service, kills, THRESHOLDS.oomKills),
      kills && oomVictimRow(service, kills, THRESHOLDS),
      memoryUseRow(short, THRESHOLDS),
      failingRow(failing, THRESHOLDS.failingUsers),
    ),
    ruledOut: rivals(short),
    fix: [
      memoryFix(service),
      ...(kills?.ending?.backAt === null && isGone(service) ? [startFix(service)] : []),
      later('find what grows; set the limit above the peak, and an alert at 80 % of it'),
      later('fewer workers, or workers that are replaced after some requests'),
    ],
    explanation: explanation(short),
    since: kills?.firstAt ?? null,
    // A limit that has killed nobody yet causes nothing.
    ...(kills ? { radius } : { radius: [], samples: readings }),
  };
}

/** Whose limit it is, and who was killed for it, as far as that can be known. */
function titleOf({ service, kills, fill }: ShortOfMemory): string {
  if (!kills) return `${service.name} uses ${percentOf(fill)} of its memory limit`;
  const title = `OOM kill ${memoryLimitText(service)} in ${service.name}`;
  if (kills.ending)
    return `${title}: its first process, and it is ${kills.ending.backAt === null ? 'not back' : 'back'}`;
  return kills.worker ? `${title}: a worker, the container itself stays up` : title;
}

/** What a kill looks like, and the figure that says it is not. */
function rivals({ service, kills }: ShortOfMemory): Rival[] {
  if (!kills) return [];
  const event = 'an oom event, and no kill event: nobody but the kernel did it';
  const stays = `${service.name} stays up: it was not its first process`;
  return [
    { id: 'container-kill', title: 'a kill by hand', because: kills.worker ? stays : event },
    { id: 'service-restarted', because: 'no kill(15) and no stop before it' },
  ];
}

function explanation({ service, kills }: ShortOfMemory): string[] {
  if (!kills) return [];
  const { ending, worker } = kills;
  const away = ending && ending.backAt !== null ? `; away for ${duration(ending.backAt - ending.at)}` : '';
  return gather(
    `${service.name}: the kernel's OOM killer struck ${killsText(kills)}`,
    ending && `${ending.trail}${away}`,
    !ending && worker && 'Docker says OOMKilled=false: it was not its first process',
  );
}
