import type { DockerEngine } from '../../engines/docker/docker-engine.js';
import { hasImage } from '../../engines/docker/images/has-image.js';
import { recipeOf } from '../../engines/docker/images/recipe.js';
import { sightSources } from '../../faults/agent/programs.js';
import { CannotPlan } from '../../faults/plan/refusal.js';
import { dryRun, dryRunText } from '../../faults/plan/dry-run.js';
import { readsOf } from '../../faults/kinds/plan-fault.js';
import { planner } from '../../faults/kinds/planner.js';
import { TRIALS } from '../../faults/plan/host-means.js';
import { INSIDE_READS } from '../../faults/plan/inside-facts.js';
import { sanitise } from '../../terminal/sanitise.js';
import { type CommandIo, EXIT } from '../command.js';
import { leaseFor } from './lease.js';
import type { TypedFault } from './parse-fault.js';
import { resolveFault } from './resolve-fault.js';
import { dockerOf } from './with-docker.js';

/** Prints everything that an injection would read and do; reads, and changes nothing. Resolves to the exit code. */
export async function dryRunOf(
  engine: DockerEngine,
  typed: TypedFault,
  options: {
    readonly forMs: number;
    readonly json: boolean;
    readonly io: CommandIo;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const { io, json, forMs, signal } = options;
  const docker = dockerOf(engine);
  const fault = await resolveFault(docker, typed);
  const image = recipeOf('toolbox').tag;
  if (!(await hasImage(docker, image))) {
    io.say(
      `faultline: the toolbox image ${image}, through which containers are read, is not there, and a dry run makes nothing: it is made by the first injection, or by faultline demo --lab docker`,
    );
    return EXIT.unavailable;
  }
  try {
    io.progress(`${fault.name}: reading`);
    const { ttlMs } = leaseFor(forMs);
    const plan = await planner.plan(fault.spec, { docker, image, id: 'fdryrun', ttlMs, signal });
    const reads = readsOf(fault.spec);
    const run = dryRun(plan, sightSources(), reads.means ? TRIALS : [], reads.inside ? INSIDE_READS : []);
    const needs = fault.labelled
      ? ''
      : `\n\nIt needs --confirm ${fault.name}: the container has no label faultline.target=true.`;
    io.print(
      json ? JSON.stringify({ dryRun: true, labelled: fault.labelled, ...run }) : dryRunText(run) + needs,
    );
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof CannotPlan)) throw error;
    io.say(`faultline: ${sanitise(error.message, 1000)}`);
    return EXIT.findings;
  }
}
