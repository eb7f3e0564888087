import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import {
  awayRow,
  lastWordsRow,
  missedRow,
  notOutOfMemoryRow,
} from '../../source/diagnosis/facts/container-rows.js';
import {
  noneOfContainers,
  readLogFix,
  restartPolicyFix,
  startFix,
} from '../../source/diagnosis/facts/containers.js';
import { isNotOom } from '../../source/diagnosis/facts/ended.js';
import { type BadEnd, badEnds, endLines, HOW_LONG_TOLD } from '../../source/diagnosis/facts/ended-told.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { isRestarting, processText } from '../../source/diagnosis/facts/services.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { Fix, Severity } from '../../source/store/finding.js';
import { duration, plural } from '../../source/terminal/format.js';
import { endsInALoop, failingTargets, MISSED } from '../common-thresholds.js';
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
  endsInALoop: endsInALoop('ends', 0.1, 'Coroot: more than 1'),
  failingUsers: failingTargets(0.05),
  lastWords: {
    unit: '',
    weight: 0.05,
    reads: 'an end without a word',
    source: 'what programs write before they give up; SIGKILL leaves no time for it',
  },
  missed: MISSED,
  ...HOW_LONG_TOLD,
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
  detect: (history) => badEnds(history, THRESHOLDS.endsInALoop).map(candidate),
  clears(history) {
    if (!fresh(history.latest.events)) return undefined;
    const told = badEnds(history, THRESHOLDS.endsInALoop).filter((one) => one.told);
    return noneOfContainers(history, told, 'was killed or ended by itself lately');
  },
});

function candidate(one: BadEnd): Candidate {
  const { ending, service, failing, radius, told } = one;
  return {
    subject: { kind: 'workload', id: service.name },
    target: [...failing.slice(0, 1).map(({ target }) => target), service.name].join(' → '),
    raise: told,
    clear: !told,
    title: titleOf(one),
    severity: severityOf(one),
    evidence: evidenceOf(one),
    ruledOut: rivals(one),
    fix: fixes(one),
    explanation: endLines(one),
    since: ending.beganAt,
    radius,
  };
}

/** What speaks for a kill or a crash, each with its figure. */
function evidenceOf(one: BadEnd): WeightedEvidence[] {
  const { history, ending, service, ends, loops, failing } = one;
  const { killEvents, otherEndEvents, processRuns } = THRESHOLDS;
  const signal = `service.up{${service.name}}`;
  return gather(
    supports(ending.kind === 'killed' ? killEvents : otherEndEvents, {
      signal: `events{${ending.workload}}`,
      value: ending.trail,
    }),
    ending.backAt === null && supports(processRuns, { signal, value: processText(service) }),
    notOutOfMemoryRow(one, THRESHOLDS.oomKillBeforeEnd),
    !(one.isLeft && one.ending.backAt === null) && awayRow(one, THRESHOLDS),
    loops &&
      supports(THRESHOLDS.endsInALoop, { signal, reading: ends, value: `${plural(ends, 'end')} in 10 min` }),
    lastWordsRow(one, THRESHOLDS.lastWords),
    missedRow(history, service, THRESHOLDS.missed),
    failingRow(failing, THRESHOLDS.failingUsers),
  );
}

/** A task that failed, and what nobody misses and nothing expects to stay, is worth a line and no alarm. */
function severityOf({ ending, loops, isLeft, isMissed }: BadEnd): Severity {
  if (loops) return 'critical';
  if (isLeft) return 'notice';
  return ending.backAt === null && isMissed ? 'critical' : 'warning';
}

function titleOf({ ending, service, ends, awayMs, how, loops, isLeft }: BadEnd): string {
  const more = service.restarts > ends ? `, ${service.restarts} restarts so far` : '';
  if (loops) return `${service.name} ends again and again: ${ends} times in 10 min${more}, last it ${how}`;
  const who = service.container?.isTask ? `the task ${service.name}` : service.name;
  if (ending.backAt === null) return `${who} ${how}${isLeft ? '' : ' and is not back'}`;
  const back = ending.replaced ? 'Swarm replaced it' : 'was back';
  return `${service.name} ${how} and ${back} after ${duration(awayMs)}`;
}

/** What it looks like from further off, where that is watched, and the figure that says it is not. */
function rivals(one: BadEnd): Rival[] {
  const { ending, isDatabase, isAskedFor } = one;
  const { name } = one.service;
  const first = `${name} ended first: ${ending.trail}`;
  const nameGone = `Docker answers NXDOMAIN for a container that is gone, and ${name} is gone`;
  return gather<Rival>(
    isNotOom(one) && { id: 'memory-limit', because: 'no oom event before its end' },
    ending.witnessed && { id: 'service-restarted', because: 'no kill(15) and no stop' },
    isDatabase && { id: 'database-down', title: 'a failure of the database itself', because: first },
    isAskedFor && { id: 'name-missing', title: 'a missing record', because: nameGone },
  );
}

function fixes({ service, ending, loops, isLeft }: BadEnd): Fix[] {
  if (isLeft) return [readLogFix(service)];
  const again = loops || isRestarting(service);
  return gather(
    (again || ending.kind === 'crashed') && readLogFix(service),
    ending.backAt === null && !again && startFix(service),
    ...restartPolicyFix(service),
    later('a second replica, and clients that reconnect'),
  );
}
