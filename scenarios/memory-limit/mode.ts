import { defineMode } from '../../source/diagnosis/define-mode.js';
import { dockerBytes, limitFix, mebibytes, startFix } from '../../source/diagnosis/facts/containers.js';
import { aroundEnd } from '../../source/diagnosis/facts/ended.js';
import { containers, endings } from '../../source/diagnosis/facts/events.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { oomKills } from '../../source/diagnosis/facts/oom-kills.js';
import { isGone } from '../../source/diagnosis/facts/services.js';
import { average, known } from '../../source/diagnosis/facts/values.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, percentOf, plural } from '../../source/terminal/format.js';
import { FOLLOWS_AN_END } from '../follows-an-end.js';
import { evidenceOf, type Short, times } from './evidence.js';
import { THRESHOLDS } from './thresholds.js';

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
  detect: (history) => shortOfMemory(history).map(candidate),
  clears(history) {
    const all = [...containers(history).values()];
    const unknown = all.length === 0 || all.some(({ container }) => container?.oomKills == null);
    if (unknown || shortOfMemory(history).length > 0) return undefined;
    return `no oom_kill lately in ${plural(all.length, 'container')}, none near its limit`;
  },
});

const BOUNDS = {
  toldMs: THRESHOLDS.toldAfterKill.value,
  lookBackMs: THRESHOLDS.lookedBackOver.value,
  endFollowsMs: THRESHOLDS.endFollowsKill.value,
};

/** Every container in which something was killed lately, or that is as full as to be told of or not clear yet. */
function shortOfMemory(history: History): Short[] {
  const ends = endings(history);
  return [...containers(history).values()].flatMap((service): Short[] => {
    const kills = oomKills(history, service, ends, BOUNDS);
    const fill = average(history, `service.memoryFill{${service.name}}`, THRESHOLDS.fill.windowMs) ?? 0;
    if (!kills && fill < THRESHOLDS.fill.clear) return [];
    return [{ history, service, kills, fill, radius: aroundEnd(history, service) }];
  });
}

function candidate(short: Short): Candidate {
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

/** Whose limit it is, and who was killed for it, as far as that can be known. */
function titleOf({ service, kills, fill }: Short): string {
  if (!kills) return `${service.name} uses ${percentOf(fill)} of its memory limit`;
  const limit = service.container?.limits.memoryBytes ?? null;
  const where = limit === null ? 'with no limit of its own' : `at its ${mebibytes(limit)} limit`;
  const title = `OOM kill ${where} in ${service.name}`;
  if (kills.ending)
    return `${title}: its first process, and it is ${kills.ending.backAt === null ? 'not back' : 'back'}`;
  return kills.worker ? `${title}: a worker, the container itself stays up` : title;
}

/** What a kill looks like, and the figure that says it is not. */
function rivals({ service, kills }: Short): Rival[] {
  if (!kills) return [];
  const event = 'an oom event, and no kill event: nobody but the kernel did it';
  const stays = `${service.name} stays up: it was not its first process`;
  return [
    { id: 'container-kill', title: 'a kill by hand', because: kills.worker ? stays : event },
    { id: 'service-restarted', because: 'no kill(15) and no stop before it' },
  ];
}

/** What ends it, and what keeps it from coming back. */
function fixes({ service, kills }: Short): Fix[] {
  const limit = service.container?.limits.memoryBytes ?? null;
  const room = dockerBytes(2 * (limit ?? 0));
  const options = { container: `--memory ${room} --memory-swap ${room}`, swarm: `--limit-memory ${room}` };
  const text = 'the host itself is out of memory: see who uses it';
  return [
    limit === null
      ? { when: 'now', text, command: 'docker stats --no-stream' }
      : limitFix(service, 'raise its limit', options),
    ...(kills?.ending?.backAt === null && isGone(service) ? [startFix(service)] : []),
    later('find what grows; set the limit above the peak, and an alert at 80 % of it'),
    later('fewer workers, or workers that are replaced after some requests'),
  ];
}

function explanation({ service, kills }: Short): string[] {
  if (!kills) return [];
  const { ending, worker } = kills;
  const lines = [`${service.name}: the kernel's OOM killer struck ${times(kills)}`];
  if (ending) {
    const away = ending.backAt === null ? '' : `; away for ${duration(ending.backAt - ending.at)}`;
    lines.push(`${ending.trail}${away}`);
  } else if (worker) lines.push('Docker says OOMKilled=false: it was not its first process');
  return lines;
}
