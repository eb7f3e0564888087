import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundSwarmService } from '../../source/diagnosis/facts/blast-radius.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { lastWordsOf, type Replicas, swarmReplicas } from '../../source/diagnosis/facts/replicas.js';
import { TASK_LOOP } from '../../source/diagnosis/facts/swarm.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
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
    replicas(history)
      .filter(isTroubled)
      .map((one) => candidate(history, one)),
  clears(history) {
    const all = replicas(history);
    if (all.length === 0 || all.some(isTroubled)) return undefined;
    return `every replica of ${plural(all.length, 'Swarm service')} runs`;
  },
});

const replicas = (history: History): Replicas[] => swarmReplicas(history, THRESHOLDS.missingFor.windowMs);

/** Whether there is something to be told of them, or will be once it has lasted. */
const isTroubled = ({ since, loops }: Replicas): boolean => loops || since !== null;

function candidate(history: History, one: Replicas): Candidate {
  const { service, since, failed, loops, unplaced } = one;
  const { name, running, desired } = service;
  const { missingFor, unplacedFor } = THRESHOLDS;
  return {
    subject: { kind: 'workload', id: name },
    target: name,
    raise: loops || (since !== null && history.now - since >= (unplaced ? unplacedFor : missingFor).value),
    title: loops
      ? `Swarm service ${name}: tasks fail again and again, ${failed.length} times in ${duration(THRESHOLDS.failuresInLoop.windowMs)}`
      : `Swarm service ${name}: ${running} of ${desired} replicas running${unplaced ? ', and no node takes the next' : ''}`,
    severity: running === 0 ? 'critical' : 'warning',
    evidence: evidenceOf(history, one),
    fix: fixes(one),
    explanation: explanation(history, one),
    since: since ?? failed.at(-1)?.changedAt ?? null,
    radius: aroundSwarmService(history, name),
  };
}

/** What its tasks say of themselves, with the line that the last container which ended wrote. */
function explanation(history: History, { service, failed, unplaced }: Replicas): string[] {
  const error = unplaced?.error ?? failed[0]?.error;
  const words = failed.length > 0 ? lastWordsOf(history, service) : undefined;
  return gather(
    (error ?? '') !== '' && `${service.name}: ${error}`,
    words !== undefined && `its last task said: ${words}`,
  );
}

function evidenceOf(history: History, { service, since, failed, unplaced }: Replicas): WeightedEvidence[] {
  const { name, running, desired, tasks } = service;
  const { missingFor, unplacedFor, failuresInLoop, failuresBelowLoop, taskState } = THRESHOLDS;
  const enough = unplaced ? unplacedFor : missingFor;
  const waiting = tasks.find((task) => task.desired === 'running' && task.state !== 'running');
  return gather(
    since !== null &&
      supports(enough, {
        signal: `swarm.running{${name}}`,
        reading: history.now - since,
        value: `${running} of ${desired} for ${duration(history.now - since)}`,
        threshold: `${desired}, or fewer for less than ${duration(enough.value)}`,
      }),
    failed.length > 0 &&
      supports(failed.length >= failuresInLoop.value ? failuresInLoop : failuresBelowLoop, {
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

function fixes({ service: { name, updateState }, unplaced }: Replicas): Candidate['fix'] {
  return [
    unplaced
      ? now(
          `no node takes it (${unplaced.error}): see what it asks for, and what the nodes have left`,
          `docker service inspect --pretty ${name}; docker node ls`,
        )
      : now('read why its tasks do not run', `docker service ps --no-trunc ${name}`),
    ...(updateState === null
      ? []
      : [now('go back to what ran before the last update', `docker service rollback ${name}`)]),
    later('updates that roll back by themselves: --update-failure-action rollback'),
  ];
}
