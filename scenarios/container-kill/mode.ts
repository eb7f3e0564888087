import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { restartPolicyFix, startFix } from '../../source/diagnosis/facts/containers.js';
import { database } from '../../source/diagnosis/facts/database.js';
import { resolvers } from '../../source/diagnosis/facts/dns.js';
import { type Ended, ended, isMissed } from '../../source/diagnosis/facts/ended.js';
import { containers, type EndKind, oomEvents } from '../../source/diagnosis/facts/events.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { processText, serviceAt } from '../../source/diagnosis/facts/services.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import { namePlace } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { Fix } from '../../source/store/finding.js';
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
  detect: (history) => badlyEnded(history).map(candidate),
  clears(history) {
    const { size } = containers(history);
    if (size === 0 || !fresh(history.latest.events) || badlyEnded(history).length > 0) return undefined;
    return `none of ${plural(size, 'container')} was killed or ended by itself lately`;
  },
  // Its events are forgotten after two minutes: while it is missed it is still so.
  persists: (history, { id }) => isMissed(history, id),
});

const BAD_ENDS: readonly EndKind[] = ['killed', 'killed-from-outside', 'crashed'];

const badlyEnded = (history: History): Ended[] => ended(history, BAD_ENDS, THRESHOLDS.endsInALoop.windowMs);

const isLoop = ({ ends }: Ended): boolean => ends >= THRESHOLDS.endsInALoop.value;

function candidate(one: Ended): Candidate {
  const { ending, service, failing, felt, radius } = one;
  const told = isTold(one);
  const first = failing[0];
  return {
    subject: { kind: 'workload', id: service.name },
    target: first ? `${first.target} → ${service.name}` : service.name,
    raise: told,
    clear: !told,
    title: titleOf(one),
    severity: isLoop(one) || (felt && ending.backAt === null) ? 'critical' : 'warning',
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

/** Away, or back so lately that what it broke may still be broken. */
function isTold(one: Ended): boolean {
  const { history, ending, felt } = one;
  const lasts = felt || isLoop(one) ? THRESHOLDS.toldWhileFelt : THRESHOLDS.toldOnceBack;
  return ending.backAt === null || history.now - ending.backAt <= lasts.value;
}

function howItEnded({ kind, code }: Ended['ending']): string {
  if (kind === 'killed') return 'was killed (docker kill, SIGKILL)';
  if (kind === 'killed-from-outside') return 'was killed (SIGKILL) by someone other than Docker';
  return `ended by itself with exit code ${code ?? 'unknown'}`;
}

function titleOf(one: Ended): string {
  const { ending, service, ends, awayMs } = one;
  const how = howItEnded(ending);
  if (isLoop(one)) return `${service.name} ends again and again: ${ends} times in 10 min, last it ${how}`;
  if (ending.backAt === null) return `${service.name} ${how} and is not back`;
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
  const unknown = ending.kind === 'crashed' && container?.oomKills === null;
  const first = `${name} ended first: ${ending.trail}`;
  const nameGone = `Docker answers NXDOMAIN for a container that is gone, and ${name} is gone`;
  return gather<Rival>(
    !unknown && { id: 'memory-limit', because: 'no oom event before its end' },
    { id: 'service-restarted', because: 'no kill(15) and no stop' },
    isDatabase && { id: 'database-down', title: 'a failure of the database itself', because: first },
    isAskedFor && { id: 'name-missing', title: 'a missing record', because: nameGone },
  );
}

function fixes(one: Ended): Fix[] {
  const { service, ending } = one;
  const read = now('read why it ends: its last lines say it', `docker logs --tail 50 ${service.name}`);
  return gather(
    isLoop(one) && read,
    ending.backAt === null && startFix(service),
    ...restartPolicyFix(service),
    later('a second replica, and clients that reconnect'),
  );
}

function explanation({ ending, awayMs, failing }: Ended): string[] {
  const away = duration(awayMs);
  return [
    `${ending.workload}: ${ending.trail}`,
    ending.kind === 'crashed'
      ? 'nobody asked Docker to end it, and no oom event came before: it ended by itself'
      : 'SIGKILL, not out of memory: no oom event before its end',
    ending.backAt === null ? `away for ${away}, not back yet` : `it was away for ${away}`,
    ...(failing.length > 0 ? [`${plural(failing.length, 'target')} of its users fail since`] : []),
  ];
}
