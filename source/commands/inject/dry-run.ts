import type { DockerEngine } from '../../engines/docker/docker-engine.js';
import { hasImage } from '../../engines/docker/images/has-image.js';
import { toolboxRecipe } from '../../engines/docker/images/toolbox-image.js';
import { observationSources } from '../../faults/agent/programs.js';
import { FaultRefused } from '../../faults/fault-spec.js';
import { kindOf, planner } from '../../faults/kinds/planner.js';
import { TARGET_LABEL } from '../../faults/observe/target.js';
import { dryRun, dryRunText } from '../../faults/plan/dry-run.js';
import { INSIDE_READS, TRIALS } from '../../faults/plan/looks.js';
import { writtenPlan } from '../../faults/plan/written-plan.js';
import { sanitise } from '../../terminal/sanitise.js';
import { type CommandIo, EXIT } from '../command.js';
import { Refused } from '../refused.js';
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
  const { spec, target } = await resolveFault(docker, typed);
  const { labelled, identity } = target;
  const image = toolboxRecipe().tag;
  if (!(await hasImage(docker, image)))
    throw new Refused(
      `the toolbox image ${image}, through which containers are read, is not there, and a dry run makes nothing: it is made by the first injection, or by faultline demo --lab docker`,
      EXIT.unavailable,
    );
  try {
    io.progress(`${identity.name}: reading`);
    const { ttlMs } = leaseFor(forMs);
    const plan = await planner.plan(spec, target, { docker, image, id: 'fdryrun', ttlMs, signal });
    const { wants } = kindOf(spec);
    const run = dryRun(plan, observationSources(), {
      trials: wants.includes('means') ? TRIALS : [],
      looks: wants.includes('inside') ? INSIDE_READS : [],
    });
    const needs = labelled
      ? ''
      : `\n\nIt needs --confirm ${identity.name}: the container has no label ${TARGET_LABEL}=true.`;
    const written = { dryRun: true, labelled, ...run, plan: writtenPlan(plan) };
    if (json) io.json(written);
    else io.print(dryRunText(run) + needs);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof FaultRefused)) throw error;
    throw new Refused(sanitise(error.message, 1000), EXIT.findings);
  }
}
