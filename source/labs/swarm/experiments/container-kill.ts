import { close as crossOut, record } from '../../../faults/desk/journal.js';
import type { SwarmTask } from '../../../probes/samples.js';
import { seconds } from '../../../terminal/format.js';
import type { Experiment, Stage } from '../experiment.js';
import { killSection } from '../findings/container-kill.js';
import { loadFigures } from '../watch/figures.js';
import { eventsSince, replicasOf, serviceOf, until } from '../watch/watch.js';
import { proveRecovery } from './prove.js';
import { asItStands, felt, namedIn, reachSteadyState, untilNamed } from './steps.js';

/** Swarm restarts after a delay of a second; the findings document saw 12 s in all. */
const REPLACED_MS = 60_000;
/** A request gives an address up after 5 s (ms). */
const LATE_MS = 5000;
const LOAD = { seconds: 120, perSecond: 5, path: '/' };

/** Kills the container of one replica with SIGKILL and measures how Swarm takes care of it. */
export const containerKill: Experiment = {
  id: 'container-kill',
  title: 'Container Failure Test',
  describe: 'kills the container of one replica: docker kill',
  undoDescribe: 'Swarm, which starts another task in its place',
  async run(stage) {
    const { lab, tell, marks } = stage;
    const before = await reachSteadyState(stage);
    const limitsBefore = replicasOf(stage).map(({ container }) => container?.limits);
    const victim = before.tasks.find(
      ({ state, container }) => state === 'running' && container !== null,
    ) as SwarmTask;
    lab.client.load(LOAD.seconds, LOAD.perSecond, LOAD.path);
    marks.injectedAt = Date.now();
    tell('inject', 'begin', this.describe);
    await kill(stage, victim);
    tell('inject', 'done', `docker kill ${victim.container?.slice(0, 12)}, replica ${victim.slot}`, {
      container: victim.container,
    });
    const since = marks.injectedAt;
    const ended = await until(stage, 'Swarm says that the task ended', REPLACED_MS, () =>
      serviceOf(stage)?.tasks.find(({ id, state }) => id === victim.id && state === 'failed'),
    );
    const signal = `the task ended with exit code ${ended.exitCode}`;
    const verdict = ended.exitCode === 137 ? 'Confirmed' : 'Mismatch';
    tell('inject', 'progress', `effect: ${verdict}, ${signal}`, { verdict, signal });
    felt(stage, ended.changedAt, `task ${ended.id.slice(0, 12)} failed: ${ended.error ?? ended.state}`);
    const finding = await untilNamed(stage, this.id);
    tell('fix', 'begin', 'none needed: Swarm replaces the task');
    const successor = await until(stage, 'Swarm has replaced the task', REPLACED_MS, () => {
      const now = serviceOf(stage);
      return now?.tasks.find(
        ({ slot, createdAt, state }) =>
          slot === victim.slot && createdAt > victim.createdAt && state === 'running',
      );
    });
    tell('fix', 'done', `replaced in ${seconds(successor.changedAt - ended.changedAt)}`, {
      ms: successor.changedAt - ended.changedAt,
    });
    await until(stage, "the new container's limits are read", REPLACED_MS, () =>
      replicasOf(stage).length === before.desired ? true : undefined,
    );
    const told = asItStands(stage, finding);
    const checks = await proveRecovery(stage, before);
    // Requests to the address that is gone end some seconds later.
    const late = successor.changedAt + LATE_MS;
    await until(stage, 'requests under way have ended', 2 * LATE_MS, () =>
      Date.now() > late ? true : undefined,
    );
    const during = loadFigures(lab.client.answers(since).filter(({ at }) => at <= late));
    const events = eventsSince(stage, since - 1000).filter(({ workload }) =>
      workload.endsWith(`.${victim.id}`),
    );
    const after = serviceOf(stage) ?? before;
    const section = killSection({
      date: since,
      service: before.name,
      desired: before.desired,
      victim: ended,
      killedAt: events.find(({ action }) => action === 'kill')?.at ?? null,
      successor,
      oomEvents: events.filter(({ action }) => action === 'oom').length,
      desiredAfter: after.desired,
      runningAfter: after.running,
      inHistory: after.tasks.some(({ id, state }) => id === victim.id && state === 'failed'),
      limitsBefore: limitsBefore[0] ?? null,
      limitsAfter:
        replicasOf(stage).find(({ container }) => container?.id === successor.container)?.container?.limits ??
        null,
      health: replicasOf(stage)[0]?.container?.health ?? 'none',
      during,
      named: namedIn(stage, told),
    });
    return { checks, section };
  },
};

/** Written to the journal first: whatever becomes of this process, the service's end is in it. */
async function kill({ lab }: Stage, victim: SwarmTask): Promise<void> {
  const entry = record({
    scenario: 'container-kill',
    substrate: 'docker',
    target: { lab: lab.id, workload: lab.service.name, process: null },
    what: `container ${victim.container?.slice(0, 12)} of ${lab.service.name} is killed; Swarm replaces it`,
    undo: [],
  });
  await lab.docker.getContainer(victim.container as string).kill({ signal: 'SIGKILL' });
  // Swarm makes another task by itself: nothing of this is left to be undone.
  crossOut(entry.id);
}
