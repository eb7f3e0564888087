import type { FaultSpec } from '../fault-spec.js';
import { readsOf } from '../kinds/plan-fault.js';
import type { PlanContext } from '../kinds/planner-type.js';
import { readMemoryInUse } from '../observe/memory-in-use.js';
import { inspectTarget } from '../observe/target.js';
import { targetFacts } from '../observe/target-facts.js';
import { checkTarget } from './check-target.js';
import { readMeans, untriedMeans } from './host-means.js';
import { readInside } from './inside-facts.js';
import { CannotPlan } from './refusal.js';
import type { Surroundings } from './surroundings.js';

/**
 * Reads what a plan for this fault is made of: the target from the daemon, and where the kind needs it what the
 * machine can do (tried once a daemon) and what is inside the target. Changes nothing. Rejects when it cannot be read.
 */
export async function readSurroundings(spec: FaultSpec, context: PlanContext): Promise<Surroundings> {
  const { docker, id, ttlMs, signal } = context;
  const info = await inspectTarget(docker, spec.target);
  if (info === null)
    throw new CannotPlan(`there is no container ${JSON.stringify(spec.target).slice(0, 200)}`);
  const reads = readsOf(spec);
  // What may not be touched is not joined either.
  checkTarget(spec, targetFacts(info, null));
  signal?.throwIfAborted();
  const [means, inside, memory] = await Promise.all([
    reads.means ? readMeans(context) : untriedMeans,
    reads.inside ? readInside(context, info.Id) : null,
    reads.memory ? readMemoryInUse(docker, info.Id) : null,
  ]);
  signal?.throwIfAborted();
  return { id, ttlMs, target: targetFacts(info, memory), means, inside };
}
