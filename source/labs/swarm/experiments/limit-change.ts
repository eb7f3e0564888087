import { withLimits } from '../../../engines/docker/swarm/service-spec.js';
import type { SwarmService } from '../../../probes/samples.js';
import { seconds } from '../../../terminal/format.js';
import type { Experiment, Stage } from '../experiment.js';
import type { Carried } from '../measured.js';
import { ExperimentFailure, replicasOf } from '../watch/watch.js';
import { untilUpdated } from './steps.js';

interface Limits {
  /** Cores. */
  readonly cpus?: number;
  readonly memoryBytes?: number;
}

/** Changes the service's limits by a service update, the spec journalled before, and waits until it is carried out. */
export async function changeLimits(
  stage: Stage,
  experiment: Pick<Experiment, 'id' | 'describe'>,
  before: SwarmService,
  limits: Limits,
): Promise<Carried> {
  const { lab, tell, marks } = stage;
  marks.injectedAt = Date.now();
  tell('inject', 'begin', experiment.describe);
  await lab.change({
    scenario: experiment.id,
    what: `service ${lab.service.name}: ${experiment.describe}`,
    change: (spec) => withLimits(spec, limits),
  });
  const carried = await carriedOut(stage, marks.injectedAt, before);
  tell(
    'inject',
    'done',
    `carried out: ${carried.replaced} replicas have a new container, ${carried.kept} kept theirs`,
    {
      ms: carried.ms,
    },
  );
  tell('inject', 'progress', ...effectOf(stage, limits));
  return carried;
}

/** Whether the running containers have the limits that were asked for: their cgroups say it, not the spec. */
function effectOf(stage: Stage, limits: Limits): [text: string, detail: Record<string, unknown>] {
  const replicas = replicasOf(stage);
  const bitten = replicas.filter(
    ({ container }) =>
      (limits.cpus === undefined || container?.limits.cpus === limits.cpus) &&
      (limits.memoryBytes === undefined || container?.limits.memoryBytes === limits.memoryBytes),
  );
  const verdict =
    replicas.length === 0 ? 'Inconclusive' : bitten.length === replicas.length ? 'Confirmed' : 'Mismatch';
  const signal = `${bitten.length} of ${replicas.length} running containers have the limit`;
  return [`effect: ${verdict}, ${signal}`, { verdict, signal }];
}

/** Puts the service's spec back and waits until that is carried out. */
export async function restoreLimits(stage: Stage, now: SwarmService): Promise<Carried> {
  const { lab, tell } = stage;
  const since = Date.now();
  tell('fix', 'begin', 'the service gets its limits back');
  const left = await lab.restore();
  if (left.length > 0) throw new ExperimentFailure(`the service was not restored: ${left.join('; ')}`);
  const carried = await carriedOut(stage, since, now);
  tell('fix', 'done', `restored (${seconds(carried.ms)})`, { ms: carried.ms });
  return carried;
}

async function carriedOut(stage: Stage, since: number, before: SwarmService): Promise<Carried> {
  const service = await untilUpdated(stage, since, before);
  const old = new Set(running(before).map(({ container }) => container));
  const now = running(service);
  const kept = now.filter(({ container }) => old.has(container)).length;
  return {
    ms: Math.max(...now.map(({ changedAt }) => changedAt)) - since,
    kept,
    replaced: now.length - kept,
    service,
  };
}

const running = ({ tasks }: SwarmService) =>
  tasks.filter(({ state, desired }) => state === 'running' && desired === 'running');
