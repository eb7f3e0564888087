import type { SwarmService, SwarmTask } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { fresh, known } from '../facts/values.js';
import { gather, supports, type WeightedEvidence } from '../old-evidence.js';
import type { Assessment, Signature } from '../signature.js';

const THRESHOLDS = {
  missing: {
    /** Swarm's own repair of one task takes a few seconds; longer than this (ms) it does not succeed. */
    raiseMs: 20_000,
    source: 'Container Failure Test: a task is replaced in about 12 s, under 15 s',
  },
  loop: { value: 3, windowMs: 600_000, source: 'DIAGNOSIS R22: 3 restarts in 10 min' },
  /** A loop is one while its newest end is not older than this (ms). */
  lastEndMs: 60_000,
  windowMs: 120_000,
} as const;

interface Short {
  readonly service: SwarmService;
  /** Wall-clock ms since which replicas are missing without a break, or null when none is. */
  readonly since: number | null;
  /** Tasks that failed within the loop's window, newest first. */
  readonly failed: readonly SwarmTask[];
  readonly loops: boolean;
}

/** Swarm does not get as many replicas of a service to run as it should: none is placed, or each fails again. */
export const swarmReplicas: Signature = {
  id: 'swarm-replicas',
  forMs: 0,
  keepMs: 5000,
  explains: ['http-errors', 'service-stopped', 'name-missing'],
  assess,
};

function assess(history: History): Assessment | undefined {
  const services = fresh(history.latest.swarm)?.services;
  if (!services) return undefined;
  const all = services.map((service) => lookAt(history, service));
  const short = all
    .filter(
      ({ since, loops }) => loops || (since !== null && history.now - since >= THRESHOLDS.missing.raiseMs),
    )
    .sort((a, b) => a.service.running / a.service.desired - b.service.running / b.service.desired);
  const worst = short[0];
  const raise = worst !== undefined;
  const { service } = worst ?? {};
  const others = short.slice(1).map((one) => one.service.name);
  return {
    target: service?.name ?? 'services of the swarm',
    raise,
    clear: !raise && all.every(({ since }) => since === null),
    title: worst ? titleOf(worst) : 'Every service of the swarm has its replicas',
    severity: service?.running === 0 ? 'critical' : 'warning',
    base: 0.5,
    evidence: worst ? evidenceOf(history, worst) : [],
    ruledOut: [],
    fix: worst ? fixes(worst) : [],
    story: worst
      ? [
          ...(worst.failed[0]?.error ? [`${worst.service.name}: ${worst.failed[0].error}`] : []),
          ...(others.length === 0 ? [] : [`so do ${others.join(', ')}`]),
        ]
      : [],
    since: worst?.since ?? worst?.failed.at(-1)?.changedAt ?? null,
  };
}

function lookAt(history: History, service: SwarmService): Short {
  const failed = service.tasks.filter(
    ({ state, changedAt }) =>
      (state === 'failed' || state === 'rejected') && history.now - changedAt <= THRESHOLDS.loop.windowMs,
  );
  const newest = Math.max(0, ...failed.map(({ changedAt }) => changedAt));
  return {
    service,
    // In an update replicas are missing by intent.
    since: service.updateState === 'updating' ? null : missingSince(history, service),
    failed,
    loops: failed.length >= THRESHOLDS.loop.value && history.now - newest <= THRESHOLDS.lastEndMs,
  };
}

function missingSince(history: History, { name, desired, running }: SwarmService): number | null {
  if (running >= desired) return null;
  const readings = known(history, `swarm.running{${name}}`, THRESHOLDS.windowMs);
  const whole = readings.findLastIndex(({ value }) => value >= desired);
  return readings[whole + 1]?.at ?? null;
}

function titleOf({ service, loops, failed }: Short): string {
  const { name, running, desired } = service;
  if (loops) return `Tasks of ${name} fail again and again: ${plural(failed.length, 'time')} in 10 min`;
  return running === 0
    ? `Swarm gets none of the ${desired} replicas of ${name} to run`
    : `Swarm gets only ${running} of ${desired} replicas of ${name} to run`;
}

function evidenceOf(history: History, { service, since, failed }: Short): WeightedEvidence[] {
  const { name, running, desired } = service;
  const waiting = service.tasks.find((task) => task.desired === 'running' && task.state !== 'running');
  return gather(
    since === null
      ? undefined
      : supports(0.3, {
          signal: `swarm.running{${name}}`,
          value: `${running} of ${desired} for ${duration(history.now - since)}`,
          threshold: `${desired}, or fewer for less than ${duration(THRESHOLDS.missing.raiseMs)}`,
          source: THRESHOLDS.missing.source,
        }),
    failed.length === 0
      ? undefined
      : supports(failed.length >= THRESHOLDS.loop.value ? 0.3 : 0.1, {
          signal: `swarm.tasks{${name}}`,
          value: `${plural(failed.length, 'failed task')} in 10 min, last: ${failed[0]?.error ?? failed[0]?.state}`,
          threshold: `${THRESHOLDS.loop.value} in 10 min`,
          source: THRESHOLDS.loop.source,
        }),
    waiting &&
      supports(0.1, {
        signal: `swarm.tasks{${name}}`,
        value: `a task is ${waiting.state}${waiting.error === null ? '' : `: ${waiting.error}`}`,
        threshold: 'running',
        source: 'docker service ps',
      }),
  );
}

function fixes({ service: { name, tasks } }: Short): Assessment['fix'] {
  const unplaced = tasks.find(({ state, error }) => state === 'pending' && error !== null);
  return [
    {
      when: 'now',
      text: unplaced
        ? `no node takes it (${unplaced.error}): see what the nodes have left`
        : 'read why its tasks do not run',
      command: unplaced ? 'docker node ls' : `docker service ps --no-trunc ${name}`,
    },
    {
      when: 'now',
      text: 'go back to what ran before the last update',
      command: `docker service rollback ${name}`,
    },
    { when: 'later', text: 'updates that roll back by themselves: --update-failure-action rollback' },
  ];
}
