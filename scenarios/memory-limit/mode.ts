import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { dockerBytes, limitFix, mebibytes, startFix } from '../../source/diagnosis/facts/containers.js';
import { containers } from '../../source/diagnosis/facts/events.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import type { OomKills } from '../../source/diagnosis/facts/oom-kills.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { isGone, processText } from '../../source/diagnosis/facts/services.js';
import { type ShortOfMemory, shortOfMemory } from '../../source/diagnosis/facts/short-of-memory.js';
import { known, largest } from '../../source/diagnosis/facts/values.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
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
  const { history, service, kills, fill, radius } = short;
  const samples = known(history, `service.memoryFill{${service.name}}`, THRESHOLDS.fill.windowMs).length;
  return {
    subject: { kind: 'workload', id: service.name },
    target: service.name,
    raise: kills !== undefined || fill > THRESHOLDS.fill.raise,
    title: titleOf(short),
    severity: kills || fill > THRESHOLDS.fill.critical ? 'critical' : 'warning',
    evidence: evidenceOf(short),
    ruledOut: rivals(short),
    fix: fixes(short),
    explanation: explanation(short),
    since: kills?.firstAt ?? null,
    // A limit that has killed nobody yet causes nothing.
    ...(kills ? { radius } : { radius: [], samples }),
  };
}

/** What speaks for a memory limit that is too small, each with its figure. */
function evidenceOf(short: ShortOfMemory): WeightedEvidence[] {
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
const times = ({ count }: OomKills): string => (count === 1 ? 'once' : `${count} times`);

/** The first process ends the container; a worker does not, and Docker's OOMKilled stays false for it. */
function victim(service: ServiceSample, { ending, worker }: OomKills): WeightedEvidence | undefined {
  const signal = `events{${service.name}}`;
  if (ending) return supports(THRESHOLDS.firstProcessKilled, { signal, value: ending.trail });
  if (!worker) return undefined;
  return supports(THRESHOLDS.workerKilled, { signal, value: `no die: it goes on, ${processText(service)}` });
}

function use({ history, service, kills, fill }: ShortOfMemory): WeightedEvidence {
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

/** Whose limit it is, and who was killed for it, as far as that can be known. */
function titleOf({ service, kills, fill }: ShortOfMemory): string {
  if (!kills) return `${service.name} uses ${percentOf(fill)} of its memory limit`;
  const limit = service.container?.limits.memoryBytes ?? null;
  const where = limit === null ? 'with no limit of its own' : `at its ${mebibytes(limit)} limit`;
  const title = `OOM kill ${where} in ${service.name}`;
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

/** What ends it, and what keeps it from coming back. */
function fixes({ service, kills }: ShortOfMemory): Fix[] {
  const limit = service.container?.limits.memoryBytes ?? null;
  const room = dockerBytes(2 * (limit ?? 0));
  const options = { container: `--memory ${room} --memory-swap ${room}`, swarm: `--limit-memory ${room}` };
  return [
    limit === null
      ? now('the host itself is out of memory: see who uses it', 'docker stats --no-stream')
      : limitFix(service, 'raise its limit', options),
    ...(kills?.ending?.backAt === null && isGone(service) ? [startFix(service)] : []),
    later('find what grows; set the limit above the peak, and an alert at 80 % of it'),
    later('fewer workers, or workers that are replaced after some requests'),
  ];
}

function explanation({ service, kills }: ShortOfMemory): string[] {
  if (!kills) return [];
  const { ending, worker } = kills;
  const away = ending && ending.backAt !== null ? `; away for ${duration(ending.backAt - ending.at)}` : '';
  return gather(
    `${service.name}: the kernel's OOM killer struck ${times(kills)}`,
    ending && `${ending.trail}${away}`,
    !ending && worker && 'Docker says OOMKilled=false: it was not its first process',
  );
}
