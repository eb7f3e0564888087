import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundSwarmService } from '../../source/diagnosis/facts/blast-radius.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { failedTasks, swarmServiceOf, TASK_LOOP, taskLoops } from '../../source/diagnosis/facts/swarm.js';
import { earliest, fresh, known } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { SwarmService, SwarmTask } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';

const THRESHOLDS = {
  missingFor: {
    unit: 'ms',
    value: 20_000,
    windowMs: 120_000,
    weight: 0.3,
    source:
      'Container Failure Test: Swarm replaces a task in about 12 s; longer than this it does not succeed',
  },
  unplacedFor: {
    unit: 'ms',
    value: 5_000,
    weight: 0.3,
    source:
      'swarmkit, scheduler: a task that fits no node is tried again with each change, and at once where one may fit',
  },
  failuresInLoop: { ...TASK_LOOP.failures, weight: 0.3 },
  failuresBelowLoop: {
    unit: 'failed tasks',
    weight: 0.1,
    reads: '3 in 10 min',
    source: 'DIAGNOSIS R22: 3 restarts in 10 min',
  },
  taskState: { unit: '', weight: 0.1, reads: 'running', source: 'docker service ps' },
} as const satisfies Thresholds;

/** Swarm does not get as many replicas of a service to run as it should: none is placed, or each fails again. */
export const mode = defineMode({
  id: 'swarm-replicas',
  called: 'missing replicas',
  scope: 'workload',
  inputs: ['swarm'],
  forMs: 0,
  keepMs: 5000,
  minSamples: 1,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'service-stopped', 'name-missing'],
  rivals: ['service-restarted'],
  detect: (history) =>
    looks(history)
      .filter(({ since, loops }) => loops || since !== null)
      .map((look) => candidate(history, look)),
  clears(history) {
    const all = looks(history);
    if (all.length === 0 || all.some(({ since, loops }) => loops || since !== null)) return undefined;
    return `every replica of ${plural(all.length, 'Swarm service')} runs`;
  },
});

/** One service of the swarm, as it stands now. */
interface Look {
  readonly service: SwarmService;
  /** Wall-clock ms since which replicas are missing without a break, or null when none is. */
  readonly since: number | null;
  /** Tasks that failed within the loop's window, newest first. */
  readonly failed: readonly SwarmTask[];
  readonly loops: boolean;
}

const looks = (history: History): Look[] =>
  (fresh(history.latest.swarm)?.services ?? []).map((service) => lookAt(history, service));

function lookAt(history: History, service: SwarmService): Look {
  return {
    service,
    since: missingSince(history, service),
    failed: failedTasks(history, service),
    loops: taskLoops(history, service),
  };
}

/** The task that no node takes, and the scheduler's reason with it; undefined where each is placed. */
const unplacedOf = ({ tasks }: SwarmService): SwarmTask | undefined =>
  tasks.find(({ state, desired, error }) => state === 'pending' && desired === 'running' && error !== null);

/**
 * By what was read, and by its tasks: one that is to run, and does not, says since when, also of before we came. In an
 * update replicas are missing by intent, but for the one that no node takes.
 */
function missingSince(history: History, service: SwarmService): number | null {
  const { name, desired, running, tasks } = service;
  if (running >= desired) return null;
  if (service.updateState === 'updating') return unplacedOf(service)?.createdAt ?? null;
  const awaited = tasks.filter((task) => task.desired === 'running' && task.state !== 'running');
  return earliest(readAsMissing(history, name, desired), ...awaited.map(({ createdAt }) => createdAt));
}

function readAsMissing(history: History, name: string, desired: number): number | null {
  const readings = known(history, `swarm.running{${name}}`, THRESHOLDS.missingFor.windowMs);
  const whole = readings.findLastIndex(({ value }) => value >= desired);
  return readings[whole + 1]?.at ?? null;
}

function candidate(history: History, look: Look): Candidate {
  const { service, since, failed, loops } = look;
  const { name, running, desired } = service;
  const { missingFor, unplacedFor } = THRESHOLDS;
  const unplaced = unplacedOf(service);
  return {
    subject: { kind: 'workload', id: name },
    target: name,
    raise: loops || (since !== null && history.now - since >= (unplaced ? unplacedFor : missingFor).value),
    title: loops
      ? `Swarm service ${name}: tasks fail again and again, ${failed.length} times in ${duration(THRESHOLDS.failuresInLoop.windowMs)}`
      : `Swarm service ${name}: ${running} of ${desired} replicas running${unplaced ? ', and no node takes the next' : ''}`,
    severity: running === 0 ? 'critical' : 'warning',
    evidence: evidenceOf(history, look),
    fix: fixes(service),
    explanation: explanation(history, look),
    since: since ?? failed.at(-1)?.changedAt ?? null,
    radius: aroundSwarmService(history, name),
  };
}

/** What its tasks say of themselves, with the line that the last container which ended wrote. */
function explanation(history: History, { service, failed }: Look): string[] {
  const error = unplacedOf(service)?.error ?? failed[0]?.error;
  const words = (fresh(history.latest.services)?.services ?? [])
    .filter((one) => swarmServiceOf(one) === service.name && one.container?.lastWords !== undefined)
    .sort((a, b) => (b.lastExit?.at ?? 0) - (a.lastExit?.at ?? 0))[0]?.container?.lastWords;
  return [
    ...(error ? [`${service.name}: ${error}`] : []),
    ...(failed.length > 0 && words !== undefined ? [`its last task said: ${words}`] : []),
  ];
}

function evidenceOf(history: History, { service, since, failed }: Look): WeightedEvidence[] {
  const { name, running, desired, tasks } = service;
  const { missingFor, unplacedFor, failuresInLoop, failuresBelowLoop, taskState } = THRESHOLDS;
  const enough = unplacedOf(service) ? unplacedFor : missingFor;
  const waiting = tasks.find((task) => task.desired === 'running' && task.state !== 'running');
  return gather(
    since === null
      ? undefined
      : supports(enough, {
          signal: `swarm.running{${name}}`,
          reading: history.now - since,
          value: `${running} of ${desired} for ${duration(history.now - since)}`,
          threshold: `${desired}, or fewer for less than ${duration(enough.value)}`,
        }),
    failed.length === 0
      ? undefined
      : supports(failed.length >= failuresInLoop.value ? failuresInLoop : failuresBelowLoop, {
          signal: `swarm.tasks{${name}}`,
          reading: failed.length,
          value: `${plural(failed.length, 'failed task')} in ${duration(failuresInLoop.windowMs)}, last: ${failed[0]?.error ?? failed[0]?.state}`,
        }),
    waiting &&
      supports(taskState, {
        signal: `swarm.tasks{${name}}`,
        value: `a task is ${waiting.state}${waiting.error === null ? '' : `: ${waiting.error}`}`,
      }),
  );
}

function fixes(service: SwarmService): Candidate['fix'] {
  const { name } = service;
  const unplaced = unplacedOf(service);
  return [
    {
      when: 'now',
      text: unplaced
        ? `no node takes it (${unplaced.error}): see what it asks for, and what the nodes have left`
        : 'read why its tasks do not run',
      command: unplaced
        ? `docker service inspect --pretty ${name}; docker node ls`
        : `docker service ps --no-trunc ${name}`,
    },
    ...(service.updateState === null
      ? []
      : [now('go back to what ran before the last update', `docker service rollback ${name}`)]),
    later('updates that roll back by themselves: --update-failure-action rollback'),
  ];
}
