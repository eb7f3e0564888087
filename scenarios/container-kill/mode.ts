import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { readLogFix, restartPolicyFix, startFix } from '../../source/diagnosis/facts/containers.js';
import { database } from '../../source/diagnosis/facts/database.js';
import { resolvers } from '../../source/diagnosis/facts/dns.js';
import { type Ended, ended, isService, missedBy } from '../../source/diagnosis/facts/ended.js';
import { containers, type EndKind, oomEvents } from '../../source/diagnosis/facts/events.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { isRestarting, processText, serviceAt } from '../../source/diagnosis/facts/services.js';
import { isTaskInLoop } from '../../source/diagnosis/facts/swarm.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import { namePlace } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { Fix, Severity } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { failingTargets } from '../common-thresholds.js';
import { FOLLOWS_AN_END } from '../follows-an-end.js';

const EVENTS = {
  unit: '',
  reads: 'no end, or one that was asked for (kill(15) → die → stop)',
  source: 'Docker events: docker kill is kill(9) → die 137, out of memory is oom → die 137 (measured)',
};
const BACK = { unit: 'ms', value: 15_000, source: 'Container Failure Test: back in about 12 s, under 15 s' };

/** Every figure that the end of a container is judged by. */
const THRESHOLDS = {
  killEvents: { ...EVENTS, weight: 0.35 },
  /** Docker was not asked: a signal from outside, an end of its own. */
  otherEndEvents: { ...EVENTS, weight: 0.25 },
  processRuns: { unit: '', weight: 0.08, reads: 'running', source: 'docker inspect: State' },
  oomKillBeforeEnd: {
    unit: 'kills',
    windowMs: 10_000,
    weight: 0.08,
    reads: 'an oom event or a higher oom_kill',
    source: 'hashicorp/nomad#12735: exit code 137 alone is no proof of OOM',
  },
  stillAway: { ...BACK, weight: 0.04 },
  wasAway: { ...BACK, weight: 0.02 },
  endsInALoop: {
    unit: 'ends',
    value: 3,
    windowMs: 600_000,
    weight: 0.1,
    reads: '3 in 10 min',
    source: 'DIAGNOSIS R22: 3 restarts in 10 min; Coroot: more than 1',
  },
  failingUsers: failingTargets(0.05),
  lastWords: {
    unit: '',
    weight: 0.05,
    reads: 'an end without a word',
    source: 'what programs write before they give up; SIGKILL leaves no time for it',
  },
  missed: { unit: '', weight: 0.05, reads: 'nobody asks for it', source: 'its clients, as they are seen' },
  removedRightAfter: {
    unit: 'ms',
    value: 1500,
    source: 'docker rm -f is kill(9) → die → destroy within half a second (measured)',
  },
  toldAnyway: { unit: 'ms', value: 120_000, source: 'our choice: an end that is new, whoever misses it' },
  toldWhileMissed: {
    unit: 'ms',
    value: 3_600_000,
    source: 'our choice: what ended longer ago is not what somebody looks for now, unless it is asked for',
  },
  toldInALoop: {
    unit: 'ms',
    value: 120_000,
    source: 'moby restartmanager: at most a minute between two tries, and as long to see it run',
  },
  toldOnceBack: { unit: 'ms', value: 15_000, source: 'our choice: one that is back and missed by nobody' },
  toldWhileFelt: { unit: 'ms', value: 30_000, source: 'our choice: its users still fail, or it is a loop' },
} as const satisfies Thresholds;

/** A container was killed, or ended by itself: not stopped by hand, and not for memory. */
export const mode = defineMode({
  id: 'container-kill',
  called: 'a kill or a crash',
  scope: 'workload',
  inputs: ['events', 'services'],
  // The event is the fact: nothing to wait for, and its symptoms come after it.
  forMs: 0,
  keepMs: 3000,
  minSamples: 1,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: FOLLOWS_AN_END,
  rivals: ['resolver-saturation', 'database-connections', 'service-hung'],
  aliases: ['crash-loop', 'restart-loop'],
  detect: (history) => badlyEnded(history).map(candidate),
  clears(history) {
    const { size } = containers(history);
    if (size === 0 || !fresh(history.latest.events) || badlyEnded(history).some(isTold)) return undefined;
    return `none of ${plural(size, 'container')} was killed or ended by itself lately`;
  },
});

const BAD_ENDS: readonly EndKind[] = ['killed', 'killed-from-outside', 'crashed'];

/** Tasks of a Swarm service that fail again and again are told of with their service. */
const badlyEnded = (history: History): Ended[] =>
  ended(history, BAD_ENDS, THRESHOLDS.endsInALoop.windowMs).filter(
    ({ service }) => !isTaskInLoop(history, service),
  );

const isLoop = ({ ends }: Ended): boolean => ends >= THRESHOLDS.endsInALoop.value;

function candidate(one: Ended): Candidate {
  const { ending, service, failing, radius } = one;
  const told = isTold(one);
  const first = failing[0];
  return {
    subject: { kind: 'workload', id: service.name },
    target: first ? `${first.target} → ${service.name}` : service.name,
    raise: told,
    clear: !told,
    title: titleOf(one),
    severity: severityOf(one),
    evidence: evidenceOf(one),
    ruledOut: rivals(one),
    fix: fixes(one),
    explanation: explanation(one),
    since: ending.beganAt,
    radius,
  };
}

/** What speaks for a kill or a crash, each with its figure. */
function evidenceOf(one: Ended): WeightedEvidence[] {
  const { history, ending, service, awayMs, ends, failing } = one;
  const { killEvents, otherEndEvents, processRuns, stillAway, wasAway, endsInALoop, failingUsers } =
    THRESHOLDS;
  const signal = `service.up{${service.name}}`;
  const away = ending.backAt === null;
  const policy = service.container?.restartPolicy ?? 'unknown';
  const misses = missedBy(one.history, service);
  return gather(
    supports(ending.kind === 'killed' ? killEvents : otherEndEvents, {
      signal: `events{${ending.workload}}`,
      value: ending.trail,
    }),
    away && supports(processRuns, { signal, value: processText(service) }),
    notMemory(one),
    supports(away ? stillAway : wasAway, {
      signal,
      reading: awayMs,
      value: away
        ? `not back after ${duration(awayMs)} (restart policy ${policy})`
        : `back after ${duration(awayMs)}`,
      threshold: duration(stillAway.value),
    }),
    ends >= endsInALoop.value &&
      supports(endsInALoop, { signal, reading: ends, value: `${plural(ends, 'end')} in 10 min` }),
    lastWordsRow(one),
    misses.length > 0 &&
      supports(THRESHOLDS.missed, { signal, reading: misses.length, value: misses.slice(0, 3).join(', ') }),
    failingRow(history, failingUsers, ' fail:', failing),
  );
}

/** The line of its output that says why it ended; a kill leaves none. */
function lastWordsRow({ service: { name, container }, ending }: Ended): WeightedEvidence | undefined {
  const said = ending.kind === 'crashed' ? container?.lastWords : undefined;
  if (said === undefined) return undefined;
  return supports(THRESHOLDS.lastWords, {
    signal: `logs{${name}}`,
    value: `it said last: ${said}`,
    at: ending.at,
  });
}

/** A task that failed, and what nobody misses and nothing expects to stay, is worth a line and no alarm. */
function severityOf(one: Ended): Severity {
  const { history, service, ending, felt } = one;
  if (isLoop(one)) return 'critical';
  if (isLeft(one)) return 'notice';
  const isMissed = felt || missedBy(history, service).length > 0;
  return ending.backAt === null && isMissed ? 'critical' : 'warning';
}

/** A task that is over, or what ended by itself, misses nobody, and was not there to stay. */
function isLeft({ history, service, ending, felt }: Ended): boolean {
  if (service.container?.isTask) return true;
  if (ending.kind !== 'crashed' || ending.backAt !== null || isService(history, service)) return false;
  return !felt && missedBy(history, service).length === 0;
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
  const value = `${ending.witnessed ? 'no oom event' : 'not counted as out of memory'}${counted}`;
  return supports(THRESHOLDS.oomKillBeforeEnd, { signal, reading: kills, value });
}

/** Away and missed, or ended just now; or back so lately that what it broke may still be broken. */
function isTold(one: Ended): boolean {
  const { history, ending, felt } = one;
  if (ending.backAt === null) return isToldAway(one);
  const lasts = isLoop(one)
    ? THRESHOLDS.toldInALoop
    : felt
      ? THRESHOLDS.toldWhileFelt
      : THRESHOLDS.toldOnceBack;
  return history.now - ending.backAt <= lasts.value;
}

function isToldAway(one: Ended): boolean {
  const { history, service, ending, felt } = one;
  const ago = history.now - ending.at;
  const { removedRightAfter, toldAnyway, toldWhileMissed } = THRESHOLDS;
  // It may be the beginning of its removal.
  if (ending.kind === 'killed' && !felt && ago < removedRightAfter.value) return false;
  if (ago <= toldAnyway.value || missedBy(history, service).length > 0) return true;
  const isWanted = service.container?.restartPolicy !== 'no' && !service.container?.isTask;
  return ago <= toldWhileMissed.value && (felt || isWanted);
}

function howItEnded({ kind, code, witnessed }: Ended['ending']): string {
  if (kind === 'killed') return 'was killed (docker kill, SIGKILL)';
  if (kind === 'killed-from-outside')
    return witnessed ? 'was killed (SIGKILL) by someone other than Docker' : 'was killed (SIGKILL)';
  return `ended by itself with exit code ${code ?? 'unknown'}`;
}

function titleOf(one: Ended): string {
  const { ending, service, ends, awayMs } = one;
  const how = howItEnded(ending);
  const more = service.restarts > ends ? `, ${service.restarts} restarts so far` : '';
  if (isLoop(one))
    return `${service.name} ends again and again: ${ends} times in 10 min${more}, last it ${how}`;
  const who = service.container?.isTask ? `the task ${service.name}` : service.name;
  if (ending.backAt === null) return `${who} ${how}${isLeft(one) ? '' : ' and is not back'}`;
  const back = ending.replaced ? 'Swarm replaced it' : 'was back';
  return `${service.name} ${how} and ${back} after ${duration(awayMs)}`;
}

/** What it looks like from further off, where that is watched, and the figure that says it is not. */
function rivals({ history, service: { name, container }, ending, radius }: Ended): Rival[] {
  const address = database(history)?.address;
  const isDatabase = address !== undefined && serviceAt(history, address)?.name === name;
  const isAskedFor = resolvers(history).some(({ names }) =>
    names.some((asked) => radius.includes(namePlace(asked.name))),
  );
  const unknown = !ending.witnessed || (ending.kind === 'crashed' && container?.oomKills === null);
  const first = `${name} ended first: ${ending.trail}`;
  const nameGone = `Docker answers NXDOMAIN for a container that is gone, and ${name} is gone`;
  return gather<Rival>(
    !unknown && { id: 'memory-limit', because: 'no oom event before its end' },
    ending.witnessed && { id: 'service-restarted', because: 'no kill(15) and no stop' },
    isDatabase && { id: 'database-down', title: 'a failure of the database itself', because: first },
    isAskedFor && { id: 'name-missing', title: 'a missing record', because: nameGone },
  );
}

function fixes(one: Ended): Fix[] {
  const { service, ending } = one;
  if (isLeft(one)) return [readLogFix(service)];
  const isDown = isRestarting(service);
  return gather(
    (isLoop(one) || isDown || ending.kind === 'crashed') && readLogFix(service),
    ending.backAt === null && !isDown && !isLoop(one) && startFix(service),
    ...restartPolicyFix(service),
    later('a second replica, and clients that reconnect'),
  );
}

function explanation({ ending, awayMs, failing }: Ended): string[] {
  const away = duration(awayMs);
  return [
    `${ending.workload}: ${ending.trail}`,
    ...(ending.witnessed
      ? [
          ending.kind === 'crashed'
            ? 'nobody asked Docker to end it, and no oom event came before: it ended by itself'
            : 'SIGKILL, not out of memory: no oom event before its end',
        ]
      : []),
    ending.backAt === null ? `away for ${away}, not back yet` : `it was away for ${away}`,
    ...(failing.length > 0 ? [`targets of its users that fail since: ${failing.length}`] : []),
  ];
}
