import type { SwarmTask } from '../../../probes/samples.js';
import type { Experiment, Stage } from '../experiment.js';
import { memorySection } from '../findings/memory-limit.js';
import { LIMITS } from '../lab/swarm-lab.js';
import { loadFigures } from '../watch/figures.js';
import { eventsSince, serviceOf, until } from '../watch/watch.js';
import { changeLimits, restoreLimits } from './limit-change.js';
import { check, proveRecovery } from './prove.js';
import { asItStands, felt, namedIn, reachSteadyState, underLoad, untilNamed } from './steps.js';

const MIB = 1024 * 1024;
/** The findings document's change. */
const LESS = 50 * MIB;
/** A request takes 100 MiB and gives it back: below the one limit, twice the other. */
const DEMAND = { seconds: 60, perSecond: 0.5, path: '/memory?mib=100' } as const;
const PROOF = { seconds: 8, perSecond: 0.5, path: '/memory?mib=100' } as const;
/** Kills that are watched, and how long is waited for them (ms). */
const KILLS = 3;
const KILLS_MS = 60_000;
/** Quiet that proves that it has settled (ms). */
const QUIET_MS = 8000;

/** Lowers the service's memory limit from 384 to 50 MiB by a service update, asks for memory, and restores it. */
export const memoryLimit: Experiment = {
  id: 'memory-limit',
  title: 'Memory Limitation Test (OOM)',
  describe: `lowers the memory limit from ${LIMITS.memoryBytes / MIB} to ${LESS / MIB} MiB: docker service update --limit-memory ${LESS / MIB}m`,
  undoDescribe: 'the spec that the service had before',
  async run(stage) {
    const { lab, tell } = stage;
    const before = await reachSteadyState(stage);
    const first = await underLoad(stage, PROOF);
    tell(
      'baseline',
      'progress',
      `${first.sent - first.failed} of ${first.sent} requests of 100 MiB are answered`,
    );
    const carried = await changeLimits(stage, this, before, { memoryBytes: LESS });
    const since = Date.now();
    stage.marks.injectedAt = since;
    lab.client.load(DEMAND.seconds, DEMAND.perSecond, DEMAND.path);
    const bad = await until(stage, 'a request or a container fails', KILLS_MS, () => {
      const answer = lab.client.answers(since).find(({ ok }) => !ok);
      const event = eventsSince(stage, since).find(({ action }) => action === 'oom' || action === 'die');
      if (event) return { at: event.at, text: `${event.workload.slice(0, 40)}: ${event.action}` };
      return answer && { at: answer.at, text: answer.error ?? 'a request failed' };
    });
    felt(stage, bad.at, bad.text);
    const finding = await untilNamed(stage, this.id);
    await until(stage, `${KILLS} containers are killed`, KILLS_MS, () =>
      oomEvents(stage, since) >= KILLS && endedBy137(tasksOf(stage), since).length >= KILLS
        ? true
        : undefined,
    );
    const during = loadFigures(lab.client.answers(since));
    lab.client.rest();
    const told = asItStands(stage, finding);
    const seen = serviceOf(stage) ?? carried.service;
    const failed = endedBy137(seen.tasks, since);
    const kills = oomEvents(stage, since);
    tell('named', 'progress', `${kills} oom events, ${failed.length} tasks ended with 137`, {
      oomEvents: kills,
      failedTasks: failed.length,
    });
    const confirmed = await oomKilledOf(stage, failed);
    const back = await restoreLimits(stage, seen);
    const restoredAt = Date.now();
    const after = await underLoad(stage, PROOF);
    await until(stage, 'it stays quiet', QUIET_MS * 2, () =>
      Date.now() - restoredAt >= QUIET_MS ? true : undefined,
    );
    const later = oomEvents(stage, restoredAt);
    const checks = await proveRecovery(stage, before, [
      check(
        'requests of 100 MiB',
        after.failed === 0 && after.sent > 0,
        `${after.sent - after.failed} of ${after.sent} answered`,
      ),
      check('no oom event', later === 0, `${later} in ${Math.round((Date.now() - restoredAt) / 1000)} s`),
    ]);
    const section = memorySection({
      date: stage.marks.injectedAt ?? since,
      service: before.name,
      from: LIMITS.memoryBytes,
      to: LESS,
      carried,
      back,
      first,
      during,
      after,
      oomEvents: kills,
      failed,
      confirmed,
      oomAfter: later,
      runningAfter: serviceOf(stage)?.running ?? 0,
      desired: before.desired,
      watchedMs: restoredAt - since,
      named: namedIn(stage, told),
    });
    return { checks, section };
  },
};

const oomEvents = (stage: Stage, since: number): number =>
  eventsSince(stage, since).filter(({ action }) => action === 'oom').length;

const tasksOf = (stage: Stage): readonly SwarmTask[] => serviceOf(stage)?.tasks ?? [];

const endedBy137 = (tasks: readonly SwarmTask[], since: number): readonly SwarmTask[] =>
  tasks.filter(
    ({ state, exitCode, changedAt }) => state === 'failed' && exitCode === 137 && changedAt >= since,
  );

/** Of these tasks' containers: how many Docker itself calls killed for lack of memory, and how many could be asked. */
async function oomKilledOf(
  { lab }: Stage,
  tasks: readonly SwarmTask[],
): Promise<{ readonly oomKilled: number; readonly asked: number }> {
  const states = await Promise.all(
    tasks.map(({ container }) =>
      lab.docker
        .getContainer(container ?? '')
        .inspect()
        .then(({ State }) => State.OOMKilled === true)
        // Swarm removes containers that are beyond the history it keeps.
        .catch(() => undefined),
    ),
  );
  const known = states.filter((state) => state !== undefined);
  return { oomKilled: known.filter(Boolean).length, asked: known.length };
}
